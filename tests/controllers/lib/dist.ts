import { apply } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';
import { type Files, synthesize } from '../../support/cases';

/** What a user commits of an environment: its folder below dist/, without the Secret, which git ignores. */
export function dist(files: Files): Record<string, string> {
  const committed = [...synthesize(files)].filter(([name]) => name !== SECRET);
  return Object.fromEntries(committed.map(([name, text]) => [`dist/${files.name}/${name}`, text]));
}

/** What a user makes by hand before the first sync: the namespace, and in it the Secret that is not in git. */
export async function prepare(files: Files): Promise<void> {
  const manifests = synthesize(files);
  const namespace = manifests.get('00-namespace.k8s.yaml')!.split('---\n')[0]!;
  await eventually('namespace and Secret', () => apply(`${namespace}---\n${manifests.get(SECRET)!}`), 180);
}

const SECRET = '11-secret.k8s.yaml';
