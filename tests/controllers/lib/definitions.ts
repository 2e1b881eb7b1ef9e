import { kubectl } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';

/** Applies the CustomResourceDefinitions of a folder or file (`-k`: with a kustomization), and waits until the API server serves them. */
export async function applyDefinitions(folder: string, how: '-f' | '-k' = '-f'): Promise<void> {
  // On the server's side: some are too large for the annotation of a client-side apply.
  const names = await kubectl(['apply', '--server-side', '--force-conflicts', how, folder, '-o', 'name'], {
    timeout: 600_000,
  });
  const definitions = names.split('\n').filter((name) => name.startsWith('customresourcedefinition.'));
  // kubectl fails instead of waiting where a definition has no conditions yet.
  await eventually('the definitions are served', () =>
    kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...definitions]),
  );
}
