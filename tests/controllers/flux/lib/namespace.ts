import { afterAll } from 'vitest';
import { kubectl } from '../../../cluster/lib/kubectl';
import { useSyncedNamespace } from '../../lib/namespace';
import { FLUX, KUSTOMIZATION, REPOSITORY } from './kustomization';

/** A namespace of its own for an environment with a Kustomization and a GitRepository of the same name. */
export function useKustomization(prefix: string): string {
  const name = useSyncedNamespace(prefix, KUSTOMIZATION, FLUX);
  afterAll(async () => {
    await kubectl(['delete', '-n', FLUX, `${REPOSITORY}/${name}`, '--ignore-not-found', '--wait=false']);
  });
  return name;
}
