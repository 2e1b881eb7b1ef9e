import { beforeAll, describe, expect, it } from 'vitest';
import { list, one } from '../../cluster/lib/api';
import { bundledSql } from '../../cluster/lib/bundled';
import { get, kubectl } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';
import { bundled, CLAIMS, claims, leftovers } from '../lib/bundled';
import { dist, prepare } from '../lib/dist';
import { repository } from '../lib/git';
import { createKustomization, FLUX, KUSTOMIZATION, settled } from './lib/kustomization';
import { useKustomization } from './lib/namespace';

describe('deleting the Kustomization of an environment with bundled databases', () => {
  const namespace = useKustomization('flux-delete');
  const files = bundled(namespace);
  const sql = (statement: string) => bundledSql(namespace, statement);
  let url: string;
  let revision: string;

  beforeAll(async () => {
    await prepare(files);
    const made = await repository(namespace);
    url = made.url;
    revision = await made.push('The first one', dist(files));
    await createKustomization(namespace, url);
    await settled(namespace, revision, 400);
    await sql('CREATE TABLE mine AS SELECT 42 AS answer');
  }, 500_000);

  it('leaves the volumes, the namespace and the Secret that was made by hand, and nothing else', async () => {
    await kubectl(['delete', '-n', FLUX, `${KUSTOMIZATION}/${namespace}`, '--timeout=280s'], { timeout: 290_000 });
    await eventually('the end of the pods', async () => (await list(namespace, 'pods')).length === 0, 280);
    expect(await claims(namespace)).toEqual(CLAIMS);
    const left = ['ConfigMap/kube-root-ca.crt', 'Secret/hexclave-secrets', 'ServiceAccount/default'];
    expect(await leftovers(namespace)).toEqual(left);
    expect((await get('namespace', namespace)).status.phase).toBe('Active');
  }, 600_000);

  it('is undone by creating the Kustomization again: the databases are as they were', async () => {
    await createKustomization(namespace, url);
    await settled(namespace, revision, 400);
    expect(await sql('SELECT answer FROM mine')).toBe('42');
  }, 500_000);

  it('leaves everything as it is with prune: false', async () => {
    const patch = JSON.stringify({ spec: { prune: false } });
    await kubectl(['patch', '-n', FLUX, `${KUSTOMIZATION}/${namespace}`, '--type=merge', '-p', patch]);
    const before = await leftovers(namespace);
    await kubectl(['delete', '-n', FLUX, `${KUSTOMIZATION}/${namespace}`, '--timeout=280s'], { timeout: 290_000 });
    expect(await leftovers(namespace)).toEqual(before);
    const { metadata, status } = await one(namespace, 'deployments', 'hexclave-server');
    expect(metadata.deletionTimestamp).toBeUndefined();
    expect(status.readyReplicas).toBe(1);
  }, 400_000);
});
