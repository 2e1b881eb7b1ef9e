import type { Evaluation } from '../../cluster/fixtures/evaluation';
import { list } from '../../cluster/lib/api';
import { bundledSql } from '../../cluster/lib/bundled';
import { kubectl } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';
import type { Unpkg } from './unpkg';

/** A server in a namespace of its own, and a namespace beside it that load comes from. */
export interface Installed {
  readonly namespace: string;
  readonly elsewhere: string;
  readonly image: string;
}

/** The server under test in the evaluation. */
export interface Subject extends Installed {
  /** The image of the upgrade. @default - there is none to upgrade to */
  readonly next: string | undefined;
  readonly evaluation: Evaluation;
  /** Where it gets what it bundles e-mail with. @default - from where it does so by itself, outside the cluster */
  readonly bundler: Unpkg | undefined;
}

export const DEPLOYMENT = 'deployment/hexclave-server';
const SERVER = 'app.kubernetes.io/component=server';

/** The image's reference as fields of environment.yaml. */
export function imageFields(reference: string): { repository: string; tag: string; digest?: string } {
  const found = /^(.*?):([\w.-]+)(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference);
  if (!found) throw new Error(`HEXCLAVE_IMAGE has to be repository:tag or repository:tag@digest, not ${reference}`);
  const [, repository, tag, digest] = found as unknown as [string, string, string, string?];
  return { repository, tag, ...(digest && { digest }) };
}

/** environment.yaml with this image instead of its own. */
export const withImage = (reference: string) => (yaml: string) =>
  yaml.replace(/^image:.*\n(?: {2}.*\n)*/m, `image: ${JSON.stringify(imageFields(reference))}\n`);

// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
export async function pods({ namespace }: Pick<Installed, 'namespace'>): Promise<any[]> {
  const all = await list(namespace, 'pods', SERVER);
  return all.filter(({ metadata }) => !metadata.deletionTimestamp);
}

export async function sql({ namespace }: Subject, statement: string, database = 'hexclave'): Promise<string[]> {
  return (await bundledSql(namespace, statement, database)).split('\n').filter(Boolean);
}

/** Runs bash in the server's container of a pod. */
export function inPod(
  { namespace }: Pick<Installed, 'namespace'>,
  pod: string,
  script: string,
  ...args: string[]
): Promise<string> {
  return kubectl(['exec', '-n', namespace, pod, '-c', 'server', '--', 'bash', '-c', script, 'bash', ...args], {
    timeout: 240_000,
  });
}

export type Process = 'API' | 'dashboard';
const PORTS: Record<Process, number> = { API: 8102, dashboard: 8101 };

/** A process is known by its port, for it gives itself another name. */
export const findProcess = (process: Process): string =>
  `for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/environ 2> /dev/null | grep -qx PORT=${PORTS[process]} && tr '\\0' ' ' < $p/cmdline | grep -qv bash && echo \${p#/proc/} && break; done`;

/** Waits until a pod serves its pages again after `count` restarts. */
export async function backAfter(subject: Pick<Installed, 'namespace'>, pod: string, count: number): Promise<void> {
  await eventually(
    `restart ${count} of ${pod}`,
    async () => {
      const found = (await pods(subject)).find(({ metadata }) => metadata.name === pod);
      const status = found?.status.containerStatuses?.[0];
      return status?.restartCount >= count && status.ready;
    },
    600,
  );
}
