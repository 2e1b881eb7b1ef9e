import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const OPERATORS = 'ssa-operators';

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

/** Of an edge only what stands in front of the server: behind it is the guide's environment, which is among the others. */
function edgeOf(committed: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(committed).filter(([path]) => /\/(00|60)-[^/]*$/.test(path)));
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
  const trees = [...[...server, ...client].map(dist), ...edges.map((files) => edgeOf(dist(files)))];
  const waveless = trees.flatMap((tree) => Object.entries(tree).map(([path, text]) => [path, inOneWave(text)]));
  await repo.push('Every case', Object.fromEntries(waveless));
}, 600_000);

afterAll(async () => {
  const names = all.map(({ name }) => name);
  const applications = names.map((name) => `application.argoproj.io/${name}`);
  await kubectl(['delete', '-n', ARGO, ...applications, '--ignore-not-found', '--wait=false']);
  await kubectl(['delete', 'namespaces', ...names, '--ignore-not-found', '--wait=false']);
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
        cascade: name === OPERATORS,
        ...options,
      });
    }
  }, 300_000);

  it.concurrent.each(cases.map(({ name }) => name))(
    'are taken and show no difference afterwards: %s',
    async (name) => {
      await until(name, { sync: 'Synced', phase: 'Succeeded' }, 900);
      const app = await refreshed(name);
      expect(app.status.sync.status, summary(app)).toBe('Synced');
      expect(outOfSync(app)).toEqual([]);
      // On a busy machine Argo CD may compare before it has seen what it has just applied, and sync the same once more. What
      // flaps is synced again and again.
      expect(app.status.history.length).toBeLessThanOrEqual(2);
      expect((await refreshed(name)).status.history).toHaveLength(app.status.history.length);
      // Argo CD compares what it has every few seconds, and there are others.
      if (name !== OPERATORS) {
        await kubectl(['delete', '-n', ARGO, `application.argoproj.io/${name}`, '--wait=false']);
      }
    },
    1_200_000,
  );
});

describe('deleting the Application of databases that operators run, with everything it has made', () => {
  it('leaves the databases and the namespace', async () => {
    await kubectl(['delete', '-n', ARGO, `application.argoproj.io/${OPERATORS}`, '--timeout=400s'], {
      timeout: 420_000,
    });
    await eventually(
      'the end of the Deployment',
      async () => (await get('deployments', '-n', OPERATORS)).items.length === 0,
      300,
    );
    const kinds =
      'clusters.postgresql.cnpg.io,clickhouseinstallations,services,jobs,configmaps,networkpolicies,cronjobs';
    const left = (await get(kinds, '-n', OPERATORS)).items.map(
      ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind}/${metadata.name}`,
    );
    expect(left.sort()).toEqual([
      'ClickHouseInstallation/hexclave-clickhouse',
      'Cluster/hexclave-postgres',
      'ConfigMap/kube-root-ca.crt',
    ]);
    expect((await get('namespace', OPERATORS)).status.phase).toBe('Active');
  }, 900_000);
});
