import { type Built, build } from '../charts/hexclave';
import { hasErrors } from '../config/finding';
import type { Loaded } from '../config/load';

/** An environment with its manifests, unless it has errors, and with what was found while they were made. */
export interface BuiltEnvironment extends Loaded {
  readonly built: Built | undefined;
}

/** Makes the manifests of the environments that have no errors; what is wrong with the objects joins their findings. */
export function buildAll(loaded: readonly Loaded[]): BuiltEnvironment[] {
  return loaded.map((item) => {
    if (!item.environment) return { ...item, built: undefined };
    const built = build(item.environment);
    const findings = [...item.findings, ...built.findings];
    return hasErrors(built.findings)
      ? { ...item, findings, environment: undefined, built: undefined }
      : { ...item, findings, built };
  });
}
