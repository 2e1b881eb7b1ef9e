import { afterAll } from 'vitest';
import { kubectl } from '../../cluster/lib/kubectl';
import { useNamespace } from '../../cluster/lib/namespace';

/**
 * A namespace of its own for an environment that a controller syncs. Before it goes, so does the controller's object, which
 * has the same name: `kind` in the namespace `home`. It would make everything again.
 */
export function useSyncedNamespace(prefix: string, kind: string, home: string): string {
  const name = useNamespace(prefix, { create: false });
  afterAll(async () => {
    await kubectl(['delete', '-n', home, `${kind}/${name}`, '--ignore-not-found', '--wait=false']);
  });
  return name;
}
