import { probeProgram } from '../../charts/scripts';
import type { Environment } from '../../config/environment';
import { type Cluster, type Item, itemsOf, kubectl } from '../kubectl';
import { containerStates, type Probe, podsOf, type Unseen } from './facts';
import { note } from './unseen';

/**
 * Tries, from inside a server pod, to connect to what its variables name. In a pod that is there: one made for it would be under
 * the server's policies only with the server's labels, by which Services would send it requests.
 */
export async function probeEndpoints(cluster: Cluster, env: Environment, unseen: Unseen[]): Promise<Probe[]> {
  const labels = `app.kubernetes.io/component=server,app.kubernetes.io/instance=${env.name}`;
  const pods = itemsOf(await kubectl(cluster, ['get', 'pods', '-n', cluster.namespace, '-l', labels, '-o', 'json']));
  const place = runningIn(podsOf({ items: pods }));
  if (!place) {
    unseen.push({ what: 'what a pod reaches', why: 'no container of a server pod is running' });
    return [];
  }
  const [pod, container] = place;
  const program = ['node', '--input-type=module', '--eval', probeProgram()];
  const answer = await kubectl(cluster, ['exec', pod, '-n', cluster.namespace, '-c', container, '--', ...program]);
  if (answer.code !== 0) note(unseen, answer.stderr, { group: '', resource: 'pods/exec' }, 'create');
  return answer.stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
}

/** The server where it runs, for it has all variables; else a gate, which knows the database alone. */
function runningIn(pods: readonly Item[]): [pod: string, container: string] | undefined {
  const running = pods.flatMap((pod) =>
    containerStates(pod)
      .filter(({ name, state }) => state?.running && /^(server|release-gate)$/.test(name))
      .map(({ name }): [string, string] => [pod.metadata.name, name]),
  );
  return running.find(([, container]) => container === 'server') ?? running[0];
}
