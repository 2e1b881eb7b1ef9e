import { expect, it } from 'vitest';
import { kubectl, tryKubectl } from '../../cluster/lib/kubectl';
import { figure } from '../lib/figures';
import { backAfter, findProcess, type Installed, inPod, type Process, pods } from '../lib/subject';
import { told, underLoad } from './load';

/** What becomes of requests while one of two pods loses a process, its memory or its node. */
export function twoPods(place: Installed): void {
  const { namespace } = place;

  /** Pods in turn, for the kubelet waits longer before each further restart of the same one. */
  let turn = 0;
  const next = async () => {
    const all = (await pods(place)).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const { metadata, status } = all[turn++ % all.length];
    return { name: metadata.name as string, restarts: status.containerStatuses[0].restartCount as number };
  };

  const losing = async (what: string, process: Process, end: (pod: string, pid: string) => Promise<unknown>) => {
    const { name, restarts } = await next();
    const pid = (await inPod(place, name, findProcess(process))).trim();
    const { took, load } = await underLoad(place, async () => {
      await end(name, pid);
      await backAfter(place, name, restarts + 1);
    });
    figure('under load', `${what}, one of two pods`, `ready again after ${took.toFixed(0)} s; ${told(load)}`);
    // What was on its way to that pod is lost, and what came before the Service took it out.
    expect(load.statuses[200]).toBeGreaterThan(load.requests * 0.9);
    const found = (await pods(place)).find(({ metadata }) => metadata.name === name);
    return found.status.containerStatuses[0].lastState.terminated;
  };

  it.each(['API', 'dashboard'] as const)(
    'serves from the other pod while the memory of one is full and its %s is what the kernel kills',
    async (process) => {
      const { reason } = await losing(`memory full, ${process} killed by the kernel`, process, (pod, pid) =>
        // The process itself asks for more and more, for its own debugger tells it to.
        tryKubectl(['exec', '-n', namespace, pod, '-c', 'server', '--', 'bash', '-c', FILL, 'bash', pid]),
      );
      expect(reason).toBe('OOMKilled');
    },
    700_000,
  );

  const evict = (name: string) => {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    return tryKubectl(['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) });
  };

  it('drains an evicted pod without a failed request, and lets the other one not be evicted meanwhile', async () => {
    const { name } = await next();
    const [other] = (await pods(place)).filter(({ metadata }) => metadata.name !== name);
    const { took, load } = await underLoad(place, async () => {
      expect((await evict(name)).stderr).toBe('');
      const refused = await evict(other.metadata.name);
      expect(refused.stderr).toMatch(/disruption budget/);
      await kubectl(['wait', '-n', namespace, '--for=delete', `pod/${name}`, '--timeout=250s'], { timeout: 260_000 });
    });
    figure('under load', 'one of two pods evicted', `gone after ${took.toFixed(0)} s; ${told(load)}`);
    expect(load.failures).toEqual([]);
    figure('under load', 'a node lost', 'not tried: no node of a cluster is the suite’s to end');
  }, 700_000);
}

const FILL = `kill -USR1 $1 && exec node -e '
const until = Date.now() + 60_000;
const again = () => new Promise((next) => setTimeout(next, 200)).then(find);
const find = () =>
  fetch("http://127.0.0.1:9229/json/list").then((list) => list.json(), () => Date.now() < until ? again() : process.exit(1));
find().then(([{ webSocketDebuggerUrl }]) => {
  const socket = new WebSocket(webSocketDebuggerUrl);
  const expression = "const held = []; for (;;) held.push(Buffer.alloc(64 * 2 ** 20, 1))";
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }));
  socket.onclose = socket.onerror = () => process.exit();
});
'`;
