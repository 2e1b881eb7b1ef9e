import { beforeAll, expect, it } from 'vitest';
import { list } from '../../../cluster/lib/api';
import { exec, get, kubectl } from '../../../cluster/lib/kubectl';
import { eventually } from '../../../cluster/lib/wait';
import { bundledConfig, bundledSecrets, type Files } from '../../../support/cases';
import { dist, prepare } from '../../lib/dist';
import { repository } from '../../lib/git';
import { createApplication, giveAddresses, outOfSync, refreshed, settled, until } from './application';
import { useApplication } from './namespace';
import { ARGO } from './start-argo';

const CLAIMS = ['data-hexclave-clickhouse-0', 'data-hexclave-postgres-0'];

/** The tests of deleting an Application, for a suite of each generation of Argo CD. Bundled databases, pruning on. */
export function deletion(): void {
  const namespace = useApplication('argo-delete');
  // The Application's name is the environment's: the label of the one is the label of the other.
  const files = bundled(namespace);
  const create = (repoURL: string) =>
    createApplication({ name: namespace, repoURL, path: `dist/${namespace}`, namespace, cascade: true });
  const sql = (statement: string) =>
    exec(namespace, 'hexclave-postgres-0', ['psql', '-U', 'hexclave', '-d', 'hexclave', '-XAtc', statement]);
  const claims = async () =>
    (await get('persistentvolumeclaims', '-n', namespace)).items.map(
      ({ metadata }: { metadata: { name: string; deletionTimestamp?: string } }) =>
        metadata.name + (metadata.deletionTimestamp ? ' (being deleted)' : ''),
    );
  let url: string;
  let revision: string;

  beforeAll(async () => {
    await prepare(files);
    const made = await repository(namespace);
    url = made.url;
    revision = await made.push('The first one', dist(files));
    await create(url);
    await until(namespace, { sync: 'Synced', phase: 'Succeeded', revision }, 400);
    await giveAddresses(namespace);
    await settled(namespace, revision);
    await sql('CREATE TABLE mine AS SELECT 42 AS answer');
  }, 500_000);

  it('the volumes of the bundled databases are never taken for something to prune', async () => {
    const app = await refreshed(namespace);
    expect(outOfSync(app)).toEqual([]);
    expect((await claims()).sort()).toEqual(CLAIMS);
  });

  it('leaves the volumes, the namespace and the Secret that was made by hand, and nothing else', async () => {
    await kubectl(['delete', '-n', ARGO, `application.argoproj.io/${namespace}`, '--timeout=280s'], {
      timeout: 290_000,
    });
    await eventually('the end of the pods', async () => (await list(namespace, 'pods')).length === 0, 280);
    expect((await claims()).sort()).toEqual(CLAIMS);
    const kinds =
      'deployments,statefulsets,jobs,cronjobs,services,configmaps,secrets,networkpolicies,serviceaccounts,ingresses';
    const left = (await get(kinds, '-n', namespace)).items.map(
      ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind}/${metadata.name}`,
    );
    expect(left.sort()).toEqual(['ConfigMap/kube-root-ca.crt', 'Secret/hexclave-secrets', 'ServiceAccount/default']);
  }, 600_000);

  it('is undone by creating the Application again: the databases are as they were', async () => {
    await create(url);
    await until(namespace, { sync: 'Synced', phase: 'Succeeded', revision }, 400);
    await giveAddresses(namespace);
    await settled(namespace, revision);
    expect((await sql('SELECT answer FROM mine')).trim()).toBe('42');
  }, 500_000);
}

function bundled(name: string): Files & { name: string } {
  const resources = {
    requests: { cpu: '20m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
    limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '4Gi' },
  };
  return {
    name,
    yaml: JSON.stringify({
      purpose: 'evaluation',
      namespace: { name },
      image: { tag: 'c-1' },
      replicas: 1,
      resources,
      stores: { postgres: { mode: 'bundled', resources }, clickhouse: { mode: 'bundled', resources } },
      edge: { tls: { external: true } },
      maintenance: { schedule: '0 0 1 1 *' },
    }),
    config: { ...bundledConfig, HEXCLAVE_TRUSTED_PROXY: 'generic', STAND_IN_TIME_SCALE: '0.01' },
    secrets: bundledSecrets,
  };
}
