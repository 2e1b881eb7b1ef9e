import type { Environment } from '../../config/environment';
import { type Cluster, type Item, kubectl } from '../kubectl';
import { ofKind, type Unseen } from './facts';
import { note } from './unseen';

/** The values of the environment's own Secret, to compare them with the files; undefined where it may not be read. */
export async function ownSecret(
  cluster: Cluster,
  env: Environment,
  unseen: Unseen[],
): Promise<Record<string, string> | null | undefined> {
  const answer = await kubectl(cluster, [
    ...['get', 'secret', env.secretName, '-n', cluster.namespace],
    ...['--ignore-not-found', '-o', 'jsonpath={.data}'],
  ]);
  if (answer.code !== 0) {
    note(unseen, answer.stderr, { group: '', resource: `secrets (${env.secretName})` }, 'get');
    return undefined;
  }
  if (answer.stdout.trim() === '') return null;
  const entries = Object.entries<string>(JSON.parse(answer.stdout));
  return Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]));
}

/** The certificates that Ingresses and Gateways name. Of a Secret's two halves only the public one is asked for. */
export async function certificatesOf(
  cluster: Cluster,
  items: readonly Item[],
  unseen: Unseen[],
): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const name of new Set(tlsSecrets(items).map(({ secret }) => secret))) {
    const answer = await kubectl(cluster, [
      ...['get', 'secret', name, '-n', cluster.namespace],
      ...['--ignore-not-found', '-o', 'jsonpath={.data.tls\\.crt}'],
    ]);
    if (answer.code !== 0) note(unseen, answer.stderr, { group: '', resource: `secrets (${name})` }, 'get');
    else found.set(name, answer.stdout.trim() === '' ? null : Buffer.from(answer.stdout, 'base64').toString());
  }
  return found;
}

/** Which Secret has the certificate of which hosts. */
export function tlsSecrets(items: readonly Item[]): { secret: string; hosts: string[]; object: string }[] {
  const ingresses = ofKind({ items }, 'Ingress').flatMap(({ metadata, spec }) =>
    (spec.tls ?? []).map(({ secretName, hosts }: Item) => ({
      secret: secretName,
      hosts: hosts ?? [],
      object: `Ingress/${metadata.name}`,
    })),
  );
  const listeners = ofKind({ items }, 'Gateway').flatMap(({ metadata, spec }) =>
    (spec.listeners ?? []).flatMap(({ hostname, tls }: Item) =>
      (tls?.certificateRefs ?? []).map(({ name }: Item) => ({
        secret: name,
        hosts: hostname ? [hostname] : [],
        object: `Gateway/${metadata.name}`,
      })),
    ),
  );
  return [...ingresses, ...listeners].filter(({ secret }) => secret !== undefined);
}
