import { beforeAll, expect, it } from 'vitest';
import { list } from '../../../cluster/lib/api';
import { bundledSql } from '../../../cluster/lib/bundled';
import { kubectl } from '../../../cluster/lib/kubectl';
import { eventually } from '../../../cluster/lib/wait';
import { bundled, CLAIMS, claims, leftovers } from '../../lib/bundled';
import { dist, prepare } from '../../lib/dist';
import { repository } from '../../lib/git';
import { createApplication, giveAddresses, outOfSync, refreshed, settled, until } from './application';
import { useApplication } from './namespace';
import { ARGO } from './start-argo';

/** The tests of deleting an Application, for a suite of each generation of Argo CD. Bundled databases, pruning on. */
export function deletion(): void {
  const namespace = useApplication('argo-delete');
  // The Application's name is the environment's: the label of the one is the label of the other.
  const files = bundled(namespace);
  const create = (repoURL: string) =>
    createApplication({ name: namespace, repoURL, path: `dist/${namespace}`, namespace, cascade: true });
  const sql = (statement: string) => bundledSql(namespace, statement);
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
    expect(await claims(namespace)).toEqual(CLAIMS);
  });

  it('leaves the volumes, the namespace and the Secret that was made by hand, and nothing else', async () => {
    await kubectl(['delete', '-n', ARGO, `application.argoproj.io/${namespace}`, '--timeout=280s'], {
      timeout: 290_000,
    });
    await eventually('the end of the pods', async () => (await list(namespace, 'pods')).length === 0, 280);
    expect(await claims(namespace)).toEqual(CLAIMS);
    const left = ['ConfigMap/kube-root-ca.crt', 'Secret/hexclave-secrets', 'ServiceAccount/default'];
    expect(await leftovers(namespace)).toEqual(left);
  }, 600_000);

  it('is undone by creating the Application again: the databases are as they were', async () => {
    await create(url);
    await until(namespace, { sync: 'Synced', phase: 'Succeeded', revision }, 400);
    await giveAddresses(namespace);
    await settled(namespace, revision);
    expect(await sql('SELECT answer FROM mine')).toBe('42');
  }, 500_000);
}
