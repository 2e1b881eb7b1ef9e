import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { apply, get, kubectl } from '../../cluster/lib/kubectl';
import { restricted } from '../../cluster/lib/pods';
import { eventually } from '../../cluster/lib/wait';
import { environmentOf, type Files } from '../../support/cases';
import { edgeCases } from '../../support/edge-cases';
import { snapshotCases } from '../../support/snapshot-cases';
import { dist } from '../lib/dist';
import { type Repository, repository } from '../lib/git';
import { createApplication, outOfSync, refreshed, summary, until } from './lib/application';
import { ARGO } from './lib/start-argo';

/** Without SOPS: Argo CD by itself decrypts nothing. */
const environments = Object.entries(snapshotCases).filter(([, { yaml }]) => !/mode: sops/.test(yaml));

const CLIENT_SIDE = { syncOptions: [], compareOptions: '' };

let repo: Repository;

/** The case in a namespace of its own. */
function named(prefix: string, name: string, files: Files): Files & { name: string } {
  const own = `${prefix}-${name}`;
  const { namespace } = environmentOf(files);
  const yaml = parse(files.yaml);
  // What is sealed says which namespace it is for.
  const others = Object.entries(files.others ?? {}).map(([file, text]) => [file, text.replaceAll(namespace, own)]);
  return {
    ...files,
    name: own,
    yaml: JSON.stringify({ ...yaml, namespace: { ...yaml.namespace, name: own } }),
    others: Object.fromEntries(others),
  };
}

/**
 * In one wave, for between waves Argo CD waits until everything is well, and here nothing is: there are no pods, and no
 * controllers for the custom resources. What is asked is whether it finds a difference in what it has just applied.
 */
function inOneWave(text: string): string {
  return text.replaceAll(/(argocd\.argoproj\.io\/sync-wave): "-?\d"/g, '$1: "0"');
}

const server = environments.map(([name, files]) => named('ssa', name, files));
const client = environments.map(([name, files]) => named('csa', name, files));
const edges = Object.entries(edgeCases).map(([name, files]) => named('edge', name, files));
const all = [...server, ...client, ...edges];

beforeAll(async () => {
  await apply(
    all.flatMap(({ name }) => [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: restricted } },
      // No pods: their images are not here.
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'no-pods', namespace: name },
        spec: { hard: { pods: '0' } },
      },
    ]),
  );
  repo = await repository('catalogue');
  const trees = all.map((files) => Object.entries(dist(files)).map(([path, text]) => [path, inOneWave(text)]));
  await repo.push('Every case', Object.fromEntries(trees.flat()));
}, 300_000);

describe.each([
  ['the manifests of every snapshot, by server-side apply', server, {}],
  ['the manifests of every snapshot, by client-side apply', client, CLIENT_SIDE],
  ['the manifests of every edge', edges, {}],
] as const)('%s', (_, cases, options) => {
  beforeAll(async () => {
    for (const { name } of cases) {
      await createApplication({
        name,
        repoURL: repo.url,
        path: `dist/${name}`,
        namespace: name,
        cascade: true,
        ...options,
      });
    }
  }, 120_000);

  it.concurrent.each(cases.map(({ name }) => name))(
    'are taken in one sync and show no difference afterwards: %s',
    async (name) => {
      await until(name, { sync: 'Synced', phase: 'Succeeded' }, 300);
      const app = await refreshed(name);
      expect(app.status.sync.status, summary(app)).toBe('Synced');
      expect(outOfSync(app)).toEqual([]);
      expect(app.status.history).toHaveLength(1);
    },
    400_000,
  );
});

describe('deleting the Application of databases that operators run, with everything it has made', () => {
  it('leaves the databases and the namespace', async () => {
    await kubectl(['delete', '-n', ARGO, 'application.argoproj.io/ssa-operators', '--timeout=120s']);
    await eventually(
      'the end of the Deployment',
      async () => (await get('deployments', '-n', 'ssa-operators')).items.length === 0,
    );
    const kinds =
      'clusters.postgresql.cnpg.io,clickhouseinstallations,services,jobs,configmaps,networkpolicies,cronjobs';
    const left = (await get(kinds, '-n', 'ssa-operators')).items.map(
      ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind}/${metadata.name}`,
    );
    expect(left.sort()).toEqual([
      'ClickHouseInstallation/hexclave-clickhouse',
      'Cluster/hexclave-postgres',
      'ConfigMap/kube-root-ca.crt',
    ]);
    expect((await get('namespace', 'ssa-operators')).status.phase).toBe('Active');
  }, 200_000);
});
