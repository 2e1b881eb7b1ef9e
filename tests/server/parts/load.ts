import { expect, it } from 'vitest';
import { type Load, startLoad } from '../../cluster/lib/load';
import { figure, seconds } from '../lib/figures';
import { backAfter, findProcess, type Installed, inPod, type Process, pods, type Subject, sql } from '../lib/subject';

let runs = 0;

/** Requests to the API with the database behind it, for as long as something else lasts. */
export async function underLoad(
  subject: Installed,
  work: () => Promise<unknown>,
): Promise<{ took: number; load: Load }> {
  const url = `http://hexclave-api.${subject.namespace}.svc:8102/health?db=1`;
  const load = await startLoad(subject.elsewhere, `load-${++runs}`, url, { image: subject.image, everyMs: 100 });
  const took = await seconds(work);
  return { took, load: await load.stop() };
}

export const told = (load: Load) => `${load.requests} requests, ${load.requests - (load.statuses[200] ?? 0)} failed`;
const MEMORY = 'grep VmRSS /proc/$1/status | tr -cd 0-9';

/** What it takes, and what becomes of requests while pods and processes come and go. */
export function load(subject: Subject): void {
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
}
