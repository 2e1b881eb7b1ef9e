import { expect, it } from 'vitest';
import { kubectl } from '../../cluster/lib/kubectl';
import { type Load, startLoad } from '../../cluster/lib/load';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { figure, seconds } from '../lib/figures';
import { backAfter, DEPLOYMENT, findProcess, inPod, type Process, pods, type Subject, sql } from '../lib/subject';

let runs = 0;

/** Requests to the API with the database behind it, for as long as something else lasts. */
export async function underLoad(subject: Subject, work: () => Promise<unknown>): Promise<{ took: number; load: Load }> {
  const url = `http://hexclave-api.${subject.namespace}.svc:8102/health?db=1`;
  const load = await startLoad(subject.elsewhere, `load-${++runs}`, url, { image: subject.image, everyMs: 100 });
  const took = await seconds(work);
  return { took, load: await load.stop() };
}

const told = (load: Load) => `${load.requests} requests, ${load.requests - (load.statuses[200] ?? 0)} failed`;
const MEMORY = 'grep VmRSS /proc/$1/status | tr -cd 0-9';

/** What it takes, and what becomes of requests while pods and processes come and go. */
export function load(subject: Subject): void {
  const { namespace } = subject;
  const only = async () => (await pods(subject))[0].metadata.name as string;
  const pidOf = async (pod: string, process: Process) => (await inPod(subject, pod, findProcess(process))).trim();
  const memory = async (when: string) => {
    const pod = await only();
    for (const process of ['API', 'dashboard'] as const) {
      const kilobytes = Number(await inPod(subject, pod, MEMORY, await pidOf(pod, process)));
      expect(kilobytes).toBeGreaterThan(0);
      figure('memory and connections', `${process}, ${when}`, kilobytes / 1000, 'MB');
    }
  };

  it('takes the memory and the connections that its limits are made for', async () => {
    await memory('at rest');
    const { load } = await underLoad(subject, async () => {
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      await memory('under load');
    });
    expect(load.failures).toEqual([]);
    const open = `SELECT count(*) FROM pg_stat_activity WHERE datname = 'hexclave' AND client_addr = '${(await pods(subject))[0].status.podIP}'`;
    const [connections] = await sql(subject, open);
    expect(Number(connections)).toBeLessThanOrEqual(25);
    figure('memory and connections', 'connections to PostgreSQL, one pod', Number(connections));
  });

  it('comes back with its configured pages when the dashboard is killed', async () => {
    const pod = await only();
    const { took, load } = await underLoad(subject, async () => {
      await inPod(subject, pod, 'kill -KILL $1', await pidOf(pod, 'dashboard'));
      await backAfter(subject, pod, 1);
    });
    figure('under load', 'dashboard killed, one pod', `ready again after ${took.toFixed(0)} s; ${told(load)}`);
    const page = await inPod(
      subject,
      pod,
      'node -e \'fetch("http://127.0.0.1:8101/handler/sign-in").then((r) => r.text()).then(console.log)\'',
    );
    expect(page).not.toContain('STACK_ENV_VAR_SENTINEL_NEXT_PUBLIC_STACK_API_URL');
  }, 700_000);

  it('serves from a second pod while the API of the first is killed', async () => {
    await kubectl(['scale', '-n', namespace, DEPLOYMENT, '--replicas=2']);
    await rolledOut(namespace, DEPLOYMENT, 600);
    const pod = await only();
    const before = (await pods(subject)).find(({ metadata }) => metadata.name === pod).status.containerStatuses[0];
    const { took, load } = await underLoad(subject, async () => {
      await inPod(subject, pod, 'kill -KILL $1', await pidOf(pod, 'API'));
      await backAfter(subject, pod, before.restartCount + 1);
    });
    figure('under load', 'API killed, one of two pods', `ready again after ${took.toFixed(0)} s; ${told(load)}`);
    expect(load.statuses[200]).toBeGreaterThan(0);
  }, 1_500_000);

  it('drains an evicted pod without a failed request while another one serves', async () => {
    const pod = await only();
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
    const { took, load } = await underLoad(subject, async () => {
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
      await kubectl(['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) });
      await kubectl(['wait', '-n', namespace, '--for=delete', `pod/${pod}`, '--timeout=250s'], { timeout: 260_000 });
    });
    figure('under load', 'one of two pods evicted', `gone after ${took.toFixed(0)} s; ${told(load)}`);
    expect(load.failures).toEqual([]);
    await rolledOut(namespace, DEPLOYMENT, 600);
    await kubectl(['scale', '-n', namespace, DEPLOYMENT, '--replicas=1']);
    await eventually('one pod', async () => (await pods(subject)).length === 1, 300);
  }, 1_200_000);
}
