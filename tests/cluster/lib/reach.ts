import { kubectl } from './kubectl';

/** Where a connection is tried from: a container that has bash. */
export interface From {
  readonly namespace: string;
  /** Name of a pod, or `deploy/name`. */
  readonly pod: string;
  /** @default - the only one */
  readonly container?: string;
}

/** Those of the targets, each `host/port`, that accept a connection within three seconds; all are tried at once. */
export async function reached({ namespace, pod, container }: From, targets: readonly string[]): Promise<string[]> {
  const script = 'for t; do (timeout 3 bash -c "exec 3<>/dev/tcp/$t" 2> /dev/null && echo "$t") & done; wait';
  const at = container ? ['-c', container] : [];
  const command = ['exec', '-n', namespace, pod, ...at, '--', 'bash', '-c', script, 'bash', ...targets];
  const found = (await kubectl(command)).split('\n');
  return targets.filter((target) => found.includes(target));
}
