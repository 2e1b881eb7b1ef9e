import { useSyncedNamespace } from '../../lib/namespace';
import { ARGO } from './start-argo';

/** A namespace of its own for an environment with an Application of the same name. */
export function useApplication(prefix: string): string {
  return useSyncedNamespace(prefix, 'application.argoproj.io', ARGO);
}
