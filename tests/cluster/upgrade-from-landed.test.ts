import { beforeAll, describe, expect, it } from 'vitest';
import { changesBetween } from '../../cli/upgrade';
import { idOf, type KubeObject } from '../support/objects';
import { landed } from '../upgrade/landed';
import { onCluster } from './fixtures/landed';
import { list } from './lib/api';
import { bundledSql } from './lib/bundled';
import { apply, get, kubectl } from './lib/kubectl';
import { startLoad } from './lib/load';
import { useNamespace } from './lib/namespace';
import { rolledOut } from './lib/wait';

const evaluations = landed.flatMap((item) => (item.title === 'evaluation' ? [[item.version, item] as const] : []));

describe.each(evaluations)('an install of %s, with everything in the namespace', (_, item) => {
  const namespace = useNamespace('landed', { create: false });
  const elsewhere = useNamespace('landed-elsewhere');
  const { before, after } = onCluster(item, namespace);
  const changes = changesBetween(before, after);
  const workloads = before.filter(({ kind }) => /^(Deployment|StatefulSet)$/.test(kind));
  const isReady = () =>
    Promise.all(
      workloads.map(({ kind, metadata }) => rolledOut(namespace, `${kind.toLowerCase()}/${metadata.name}`, 240)),
    );
  const sql = (statement: string) => bundledSql(namespace, statement);
  const applied = async (objects: readonly KubeObject[]) => {
    const said = await apply(objects, '--force-conflicts');
    expect(said).not.toMatch(/warning/i);
  };
  /** Of every object its uid, and what changes with its content. */
  const states = async (objects: readonly KubeObject[]) => {
    const asked = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const { items } = await get('-n', namespace, ...asked);
    return new Map(
      (items as KubeObject[]).map((object) => [idOf(object), `${object.metadata.uid} ${object.metadata.generation}`]),
    );
  };
  const podsOf = async () =>
    new Map((await list(namespace, 'pods')).map(({ metadata }) => [metadata.name as string, metadata.uid as string]));

  beforeAll(async () => {
    await applied(before);
    await isReady();
    await sql(`INSERT INTO "ProjectUser" (id, email) VALUES (gen_random_uuid(), 'user@acme.test')`);
  }, 400_000);

  it('takes the manifests of today under load: no failed request, no error, and nothing that was not announced', async () => {
    const [were, pods] = [await states(before), await podsOf()];
    const runs = await sql(`SELECT count(*) FROM "_StandInLog" WHERE kind = 'migrate'`);
    const load = await startLoad(elsewhere, 'users', `http://hexclave-api.${namespace}.svc:8102/health?db=1`);
    await applied(after);
    await isReady();
    // Long enough for what would come after it: a tick of every CronJob, a controller that looks again.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    const result = await load.stop();
    expect(result.failures).toEqual([]);
    expect(result.statuses).toEqual({ 200: result.requests });
    expect(result.requests).toBeGreaterThan(200);

    const are = await states(before);
    const announced = [...changes.rolls, ...changes.migrates, ...changes.changes];
    for (const [object, state] of were) {
      expect(are.get(object)?.split(' ')[0], `${object} is the same`).toBe(state.split(' ')[0]);
      if (!announced.includes(object)) expect(are.get(object), `${object} is as it was`).toBe(state);
    }
    const now = await podsOf();
    for (const { kind, metadata } of workloads.filter((workload) => !changes.rolls.includes(idOf(workload)))) {
      const own = [...pods].filter(([name]) => name.startsWith(`${metadata.name}-`));
      expect(own.length, `${kind}/${metadata.name}`).toBeGreaterThan(0);
      for (const [name, uid] of own) expect(now.get(name), name).toBe(uid);
    }
    if (changes.migrates.length === 0)
      expect(await sql(`SELECT count(*) FROM "_StandInLog" WHERE kind = 'migrate'`)).toBe(runs);
  }, 400_000);

  it('keeps its users and its volumes', async () => {
    expect(await sql(`SELECT email FROM "ProjectUser" WHERE email LIKE 'user@%'`)).toBe('user@acme.test');
    const claims = (await get('persistentvolumeclaims', '-n', namespace)).items as KubeObject[];
    const wanted = before.flatMap(({ kind, metadata, spec }) =>
      kind === 'StatefulSet'
        ? (spec.volumeClaimTemplates ?? []).map((claim: KubeObject) => `${claim.metadata.name}-${metadata.name}-0`)
        : [],
    );
    expect(claims.map(({ metadata, status }) => `${metadata.name} ${status.phase}`).sort()).toEqual(
      wanted.map((name: string) => `${name} Bound`).sort(),
    );
  });

  it('has nothing that the manifests do not have, but Jobs that ran', async () => {
    const kinds =
      'deployments,statefulsets,services,configmaps,secrets,networkpolicies,cronjobs,jobs,poddisruptionbudgets,serviceaccounts';
    const said = await kubectl([
      'get',
      kinds,
      '-n',
      namespace,
      '-l',
      'app.kubernetes.io/managed-by=cdk8s-hexclave',
      '-o',
      'json',
    ]);
    const known = new Set(after.map(idOf));
    const left = (JSON.parse(said).items as KubeObject[]).filter(
      (object) => !known.has(idOf(object)) && !object.metadata.ownerReferences && object.kind !== 'Job',
    );
    expect(left.map(idOf)).toEqual([]);
  });
});
