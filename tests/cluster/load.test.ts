import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { server } from './fixtures/server';
import { apply, exec, kubectl } from './lib/kubectl';
import { startLoad } from './lib/load';
import { useNamespace } from './lib/namespace';
import { condition, eventually } from './lib/wait';

// Tests of rollouts rest on this count of failures: it must be able to see one.
const namespace = useNamespace('load');

it('counts every request, and the failures when a server is taken away', async () => {
  const env = {
    NEXT_PUBLIC_STACK_API_URL: 'http://api.example.test',
    STACK_SERVER_SECRET: 'for the keys that are not set',
    STACK_DATABASE_CONNECTION_STRING: 'postgresql://nobody@127.0.0.1:1/none',
  };
  const alone = { STACK_RUN_MIGRATIONS: 'false', STACK_RUN_SEED_SCRIPT: 'false' };
  const [service, pod] = server(namespace, 'target', 'c-1', { ...env, ...alone });
  // Nothing answers without a database but the route under load, so that is the pod's readiness too.
  const [container] = (pod as { spec: { containers: { readinessProbe: object }[] } }).spec.containers;
  container!.readinessProbe = { httpGet: { path: '/health', port: 8102 }, periodSeconds: 1 };
  await apply([service!, pod!]);
  await condition(namespace, 'pod/target', 'Ready');
  const url = `http://target.${namespace}.svc.cluster.local:8102/api/v1/internal/backend-urls`;

  // kube-proxy hears of a ready pod later than whoever asks the API server.
  const ask = `fetch('${url}').then(({ status }) => process.exit(status === 200 ? 0 : 1), () => process.exit(1))`;
  await eventually('an answer of the Service', () =>
    exec(namespace, 'target', ['node', '-e', ask]).then(
      () => true,
      () => false,
    ),
  );

  const steady = await startLoad(namespace, 'steady', url);
  await sleep(2000);
  const undisturbed = await steady.stop();
  expect(undisturbed.requests).toBeGreaterThan(20);
  expect(undisturbed.statuses).toEqual({ 200: undisturbed.requests });

  const disturbed = await startLoad(namespace, 'disturbed', url, { timeoutMs: 2000 });
  await sleep(1000);
  await kubectl(['delete', 'pod', '-n', namespace, 'target', '--now', '--wait=true']);
  await sleep(1000);
  const { statuses, failures } = await disturbed.stop();
  expect(statuses[0]).toBeGreaterThan(0);
  expect(failures.length).toBeGreaterThan(0);
});
