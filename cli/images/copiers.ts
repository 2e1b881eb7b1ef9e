/** A program that copies images between registries, all platforms of them. */
export type Copier = 'crane' | 'skopeo' | 'docker';

export const copiers: readonly Copier[] = ['crane', 'skopeo', 'docker'];
