import { beforeAll, describe, expect, it } from 'vitest';
import { changesBetween } from '../../../cli/upgrade';
import { onCluster } from '../../cluster/fixtures/landed';
import { list } from '../../cluster/lib/api';
import { bundledSql } from '../../cluster/lib/bundled';
import { apply, get } from '../../cluster/lib/kubectl';
import { startLoad } from '../../cluster/lib/load';
import { sharedStores } from '../../cluster/lib/stores';
import { idOf, type KubeObject } from '../../support/objects';
import { landed } from '../../upgrade/landed';
import { type Repository, repository } from '../lib/git';
import { announce, createApplication, outOfSync, refreshed, settled, watched } from './lib/application';
import { useApplication } from './lib/namespace';

const evaluations = landed.flatMap((item) => (item.title === 'evaluation' ? [[item.version, item] as const] : []));

describe.each(evaluations)(
  'an install of %s that Argo CD syncs with pruning, everything in the namespace',
  (_, item) => {
    const { namespace: elsewhere } = sharedStores();
    const namespace = useApplication('argo-landed');
    const { before, after } = onCluster(item, namespace);
    const changes = changesBetween(before, after);
    let repo: Repository;

    /** The Secret of `secrets.env` is not in git: a person applies it before the push. */
    const push = async (message: string, objects: readonly KubeObject[]) => {
      await apply(objects.filter(({ kind }) => kind === 'Secret' || kind === 'Namespace'));
      const committed = objects.filter(({ kind }) => kind !== 'Secret').map((object) => JSON.stringify(object));
      return repo.push(message, { [`dist/${namespace}/all.k8s.yaml`]: committed.join('\n---\n') });
    };
    const sql = (statement: string) => bundledSql(namespace, statement);
    /** What holds data, and what runs: each with its identity and what it holds. */
    const state = async () => {
      const held = (await get('persistentvolumeclaims,secrets,statefulsets,jobs', '-n', namespace))
        .items as KubeObject[];
      const rolled = new Set(changes.rolls);
      const kept = (await list(namespace, 'pods')).filter(
        ({ metadata }) => ![...rolled].some((id) => metadata.name.startsWith(`${id.split('/')[1]}-`)),
      );
      return Object.fromEntries([
        ...held
          .filter((object) => !object.metadata.ownerReferences && !changes.migrates.includes(idOf(object)))
          .map((object) => [idOf(object), [object.metadata.uid, object.spec?.volumeName, object.data]]),
        ...kept
          .filter(({ status }) => status.phase === 'Running')
          .map((pod) => [`Pod/${pod.metadata.name}`, pod.metadata.uid]),
      ]);
    };
    const migrations = () => sql(`SELECT count(*) FROM "_StandInLog" WHERE kind = 'migrate'`);

    beforeAll(async () => {
      repo = await repository(namespace);
      const revision = await push('What was landed', before);
      await createApplication({ name: namespace, repoURL: repo.url, path: `dist/${namespace}`, namespace });
      await settled(namespace, revision, 900);
      await sql(`INSERT INTO "ProjectUser" (id, email) VALUES (gen_random_uuid(), 'user@acme.test')`);
    }, 1_200_000);

    it('takes the manifests of today under load in one sync: no failed request, nothing lost, nothing migrated again', async () => {
      const [were, runs] = [await state(), await migrations()];
      expect(Object.keys(were).filter((id) => id.startsWith('PersistentVolumeClaim/')).length).toBeGreaterThan(1);
      const load = await startLoad(elsewhere, namespace, `http://hexclave-api.${namespace}.svc:8102/health?db=1`);
      const revision = await push('Today', after);
      await announce(namespace);
      await settled(namespace, revision, 900);
      // What self-heal or a second look would do, they have done.
      await watched(namespace);
      const result = await load.stop();
      expect(result.failures).toEqual([]);
      expect(result.statuses).toEqual({ 200: result.requests });
      expect(result.requests).toBeGreaterThan(200);

      expect(await state()).toMatchObject(were);
      if (changes.migrates.length === 0) expect(await migrations()).toBe(runs);
      expect(await sql(`SELECT email FROM "ProjectUser" WHERE email LIKE 'user@%'`)).toBe('user@acme.test');
      const app = await refreshed(namespace);
      expect(outOfSync(app)).toEqual([]);
      expect(app.status.conditions ?? []).toEqual([]);
      expect(app.status.history).toHaveLength(2);
    }, 1_200_000);

    it('has nothing that the manifests of today do not have: what is no longer in them was pruned, old Jobs too', async () => {
      const kinds =
        'deployments,statefulsets,services,configmaps,networkpolicies,cronjobs,jobs,poddisruptionbudgets,serviceaccounts';
      const labels = 'app.kubernetes.io/managed-by=cdk8s-hexclave';
      const { items } = await get(kinds, '-n', namespace, '-l', labels);
      const known = new Set(after.map(idOf));
      const left = (items as KubeObject[]).filter(
        (object) => !known.has(idOf(object)) && !object.metadata.ownerReferences,
      );
      expect(left.map(idOf)).toEqual([]);
    });
  },
);
