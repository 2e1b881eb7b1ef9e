import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { environmentOn } from '../../cluster/fixtures/environment';
import { sharedStores } from '../../cluster/lib/stores';
import { dist, prepare } from '../lib/dist';
import { type Repository, repository } from '../lib/git';
import type { Process } from '../lib/programs';
import { startController } from './lib/controller';
import { createKustomization, current, fetched, said, saying, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('a commit while Flux waits for one that does not become well', () => {
  const stores = sharedStores();
  const namespace = useKustomization('flux-waiting');
  const waitingFor = (revision: string) => new RegExp(`Running health checks for revision main@sha1:${revision}`);
  const commit = (message: string, config: Record<string, string> = {}) =>
    repo.push(message, dist(environmentOn(namespace, stores, namespace, { yaml: { replicas: 1 }, config })));
  const wrong = (host: string) => ({ STACK_CLICKHOUSE_URL: `http://${host}.acme.test:8123` });
  const start = (...args: string[]) =>
    startController('kustomize-controller-of-its-own', 'kustomize-controller', 8394, [
      ...[`--watch-label-selector=sharding.fluxcd.io/key=${namespace}`, ...args],
    ]);
  let repo: Repository;
  let controller: Process;
  let second: string;

  beforeAll(async () => {
    await stores.createDatabase(namespace);
    await prepare(environmentOn(namespace, stores, namespace, { yaml: { replicas: 1 } }));
    repo = await repository(namespace);
    controller = await start();
  });

  it('waits, too, with kustomize-controller as it is delivered', async () => {
    const first = await commit('A wrong address', wrong('nowhere'));
    await createKustomization(namespace, repo.url, (text) =>
      text.replace(/^(kind: Kustomization\nmetadata:\n)/m, `$1  labels: { sharding.fluxcd.io/key: ${namespace} }\n`),
    );
    await fetched(namespace, first);
    await saying(namespace, waitingFor(first));
    second = await commit('Another wrong address', wrong('elsewhere'));
    await fetched(namespace, second);
    await sleep(10_000);
    expect(said(await current(namespace))).toMatch(waitingFor(first));
  }, 400_000);

  it('is taken when that is restarted', async () => {
    await controller.stop();
    controller = await start('--feature-gates=CancelHealthCheckOnNewRevision=true');
    await saying(namespace, waitingFor(second));
  }, 300_000);

  it('is taken at once with the feature CancelHealthCheckOnNewRevision', async () => {
    await settled(namespace, await commit('The right address'), 400);
  }, 500_000);
});
