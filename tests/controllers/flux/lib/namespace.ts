import { useSyncedNamespace } from '../../lib/namespace';

/** A namespace of its own for an environment with a Kustomization of the same name. */
export function useKustomization(prefix: string): string {
  return useSyncedNamespace(prefix, 'kustomization.kustomize.toolkit.fluxcd.io', 'flux-system');
}
