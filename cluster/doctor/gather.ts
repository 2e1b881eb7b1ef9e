import type { Document } from '../../charts/documents';
import type { Environment } from '../../config/environment';
import { groupOf, isBuiltIn } from '../definitions';
import { type Cluster, complaints, type Item, itemsOf, kubectl } from '../kubectl';
import { certificatesOf, ownSecret } from './confidential';
import { type Facts, RESOURCES, type Unseen } from './facts';
import { gatherLogs } from './logs';
import { resolveHosts } from './names';
import { probeEndpoints } from './probe';
import { note, resourceIn } from './unseen';

export interface GatherProps {
  readonly cluster: Cluster;
  readonly env: Environment;
  readonly wanted: readonly Document[];
  /** Start a pod that tries what the server has to reach. @default false */
  readonly probe?: boolean;
}

/**
 * Reads everything that the checks look at, once. Whatever cannot be read is noted and left out: half a cluster is looked at
 * as well as it can be.
 */
export async function gather({ cluster, env, wanted, probe }: GatherProps): Promise<Facts> {
  const unseen: Unseen[] = [];
  const unknownKinds: string[] = [];
  const [version, namespaced, items, nodes, custom] = await Promise.all([
    serverVersion(cluster, unseen),
    namespaceIsThere(cluster, unseen),
    readAll(cluster, unseen),
    readNodes(cluster, unseen),
    readCustom(cluster, wanted, unseen, unknownKinds),
  ]);
  const all = [...items, ...nodes, ...custom];
  const [logs, secret, certificates, addresses, probes] = await Promise.all([
    gatherLogs(cluster, all, unseen),
    ownSecret(cluster, env, unseen),
    certificatesOf(cluster, all, unseen),
    resolveHosts(env, all),
    probe && namespaced ? probeEndpoints(cluster, env, unseen) : [],
  ]);
  const now = new Date();
  return {
    env,
    wanted,
    now,
    version,
    namespaced,
    items: all,
    unknownKinds,
    logs,
    secret,
    certificates,
    addresses,
    probes,
    unseen,
  };
}

async function serverVersion(cluster: Cluster, unseen: Unseen[]): Promise<string | undefined> {
  const answer = await kubectl(cluster, ['version', '-o', 'json']);
  const version = answer.code === 0 ? JSON.parse(answer.stdout).serverVersion?.gitVersion : undefined;
  if (!version) unseen.push({ what: 'the version of the API server', why: complaints(answer).join(' ') });
  return version;
}

async function namespaceIsThere(cluster: Cluster, unseen: Unseen[]): Promise<boolean> {
  const answer = await kubectl(cluster, ['get', 'namespace', cluster.namespace, '--ignore-not-found', '-o', 'name']);
  if (answer.code === 0) return answer.stdout.trim() !== '';
  note(unseen, answer.stderr, { group: '', resource: 'namespaces' });
  return true;
}

/** All of the namespace in one request; kubectl gives what it may read and complains of the rest. */
async function readAll(cluster: Cluster, unseen: Unseen[]): Promise<Item[]> {
  const args = ['get', RESOURCES.join(','), '-n', cluster.namespace, '-o', 'json'];
  const answer = await kubectl(cluster, args);
  for (const line of complaints(answer)) note(unseen, line, resourceIn(line));
  return itemsOf(answer);
}

/** Objects of other APIs that the manifests hold, and the Certificates that cert-manager makes of an Ingress. */
async function readCustom(
  cluster: Cluster,
  wanted: readonly Document[],
  unseen: Unseen[],
  unknownKinds: string[],
): Promise<Item[]> {
  const custom = wanted.filter((object) => !isBuiltIn(object));
  const issued = wanted.some(({ metadata }) =>
    Object.keys(metadata.annotations ?? {}).some((name) => /^cert-manager\.io\/(cluster-)?issuer$/.test(name)),
  );
  const kinds = new Set(custom.map(({ apiVersion, kind }) => `${kind}.${groupOf(apiVersion)}`));
  if (issued) kinds.add('Certificate.cert-manager.io');
  const answers = await Promise.all(
    [...kinds].map(async (kind) => {
      const [resource, ...group] = kind.split('.');
      const answer = await kubectl(cluster, ['get', kind, '-n', cluster.namespace, '-o', 'json']);
      if (/doesn't have a resource type/.test(answer.stderr)) unknownKinds.push(kind);
      else if (answer.code !== 0) {
        note(unseen, answer.stderr, { group: group.join('.'), resource: `${resource!.toLowerCase()}s` });
      }
      return itemsOf(answer);
    }),
  );
  return answers.flat();
}

async function readNodes(cluster: Cluster, unseen: Unseen[]): Promise<Item[]> {
  const answer = await kubectl(cluster, ['get', 'nodes', '-o', 'json']);
  if (answer.code !== 0) note(unseen, answer.stderr, { group: '', resource: 'nodes' });
  return itemsOf(answer);
}
