import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edge } from '../../charts/edge';
import { maintenance } from '../../charts/maintenance';
import { migration } from '../../charts/migration';
import { namespace } from '../../charts/namespace';
import { server } from '../../charts/server';
import { environmentOf, type Files, guideConfig, guideSecrets, madeUp, synthesize } from '../support/cases';
import { objectsOf, templatesOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const base = snapshotCases.guide!;

describe('synthesis', () => {
  it.each(Object.entries(snapshotCases))('of the case %s gives the same bytes twice', (_, files) => {
    expect([...synthesize(files)]).toEqual([...synthesize(files)]);
  });

  it('does not depend on the order of the variables', () => {
    const expected = [...synthesize(base)];
    fc.assert(
      fc.property(shuffled(base.config), shuffled(base.secrets!), (config, secrets) => {
        expect([...synthesize({ ...base, config, secrets })]).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('does not depend on the order of the fields', () => {
    const fields = ['image: { tag: 53c1c9e }', 'replicas: 3', 'edge: { tls: { issuer: a } }', 'labels: { a: b }'];
    const expected = [...synthesize({ ...base, yaml: fields.join('\n') })];
    expect([...synthesize({ ...base, yaml: [...fields].reverse().join('\n') })]).toEqual(expected);
  });

  it.each(Object.entries({ namespace, migration, server, maintenance, edge }))(
    'of %s does not depend on where its constructs stand in the tree or what they are called',
    (_, chart) => {
      const environment = environmentOf(snapshotCases.full!);
      const plain = new Chart(new App(), 'a');
      chart(plain, environment);
      const moved = new Chart(new App(), 'quite-another-name');
      chart(new Construct(new Construct(moved, 'wrapped') as never, 'twice') as never, environment);
      expect(moved.toJson()).toEqual(plain.toJson());
    },
  );
});

describe('the release', () => {
  const job = (files: Files) =>
    objectsOf(synthesize(files)).find(({ object }) => object.kind === 'Job')!.object.metadata.name as string;
  const rolled = (files: Files) =>
    JSON.stringify(
      templatesOf(objectsOf(synthesize(files))).find(({ owner }) => owner.kind === 'Deployment')!.template,
    );
  const withSecret = (name: string) => ({
    ...base,
    secrets: { ...guideSecrets, [name]: madeUp(`another ${name}`, 40) },
  });

  it.each([
    ['the image', { ...base, yaml: base.yaml.replace('53c1c9e', '3ef9cb3') }],
    ['the attempt', { ...base, yaml: `${base.yaml}\nmigration: { attempt: 1 }` }],
    ['whether it seeds', { ...base, yaml: `${base.yaml}\nmigration: { seed: false }` }],
    ['the revision of the secrets', { ...base, yaml: `${base.yaml}\nsecrets: { mode: env-file, revision: '2' }` }],
    [
      'a value that the seed reads',
      { ...base, config: { ...guideConfig, STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED: 'true' } },
    ],
    ['a secret that the seed reads', withSecret('STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY')],
    [
      'the database',
      {
        ...base,
        secrets: { ...guideSecrets, STACK_DATABASE_CONNECTION_STRING: 'postgresql://u:xyz81@other:5432/stack' },
      },
    ],
  ])('is another one, with a Job of its own and new pods, when %s changes', (_, files) => {
    expect(job(files)).not.toBe(job(base));
    expect(rolled(files)).not.toBe(rolled(base));
  });

  it.each([
    ['a secret that no migration reads', withSecret('CRON_SECRET')],
    [
      'a variable that no migration reads',
      { ...base, config: { ...guideConfig, STACK_ACCESS_TOKEN_EXPIRATION_TIME: '5min' } },
    ],
  ])('stays the same, and only the pods are new, when %s changes', (_, files) => {
    expect(job(files)).toBe(job(base));
    expect(rolled(files)).not.toBe(rolled(base));
  });

  it.each([
    ['the schedule', { ...base, yaml: `${base.yaml}\nmaintenance: { schedule: '*/5 * * * *' }` }],
    ['the number of replicas', { ...base, yaml: `${base.yaml}\nreplicas: 4` }],
    ['the certificates', { ...base, yaml: base.yaml.replace('letsencrypt', 'internal') }],
  ])('stays the same and no pod is new when %s change', (_, files) => {
    expect(job(files)).toBe(job(base));
    expect(rolled(files)).toBe(rolled(base));
  });

  // The API server refuses to change these, and an apply that is refused leaves half of itself behind.
  it.each([
    'labels: { team: auth }',
    'annotations: { team: auth }',
    'nodeSelector: { pool: auth }',
    'tolerations: [{ key: auth, operator: Exists }]',
    'priorityClassName: high',
    'imagePullSecrets: [pull]',
    'registry: mirror.acme.test/hub',
    'caBundle: { configMap: authorities }',
    'env: { STACK_ACCESS_TOKEN_EXPIRATION_TIME: 5min }',
    'env: { STACK_OPENROUTER_API_KEY: { secret: router, key: token } }',
    'env: { HEXCLAVE_TRUSTED_PROXY: generic }',
    'platform: openshift',
    'resources: { limits: { memory: 6Gi } }',
    'network: { egress: [{ port: 9000 }] }',
    'replicas: { min: 2, max: 4 }',
    "secrets: { mode: env-file, revision: '2' }",
    'migration: { gate: ledger }',
    'migration: { seed: false }',
    'maintenance: { issuesReconciler: true }',
  ])('changes nothing that cannot be changed under the same name: %s', (field) => {
    for (const name of ['guide', 'evaluation']) {
      const files = snapshotCases[name]!;
      const [key] = field.split(':');
      if (new RegExp(`^${key}:`, 'm').test(files.yaml)) continue;
      const before = unchangeable(files);
      const after = unchangeable({ ...files, yaml: `${files.yaml}\n${field}\n` });
      for (const [id, content] of after) expect(before.get(id) ?? content, `${name} ${id}`).toEqual(content);
    }
  });

  it('says nothing about a secret that could be tried out offline: without the server secret there is no digest', () => {
    const yaml = `${base.yaml}\nenv: { STACK_SERVER_SECRET: { secret: elsewhere, key: secret } }`;
    const { STACK_SERVER_SECRET: _, ...secrets } = guideSecrets;
    const other = { ...secrets, CRON_SECRET: madeUp('another cron') };
    expect(rolled({ ...base, yaml, secrets })).toBe(rolled({ ...base, yaml, secrets: other }));
  });
});

/** What the API server takes once and never again, by object. */
function unchangeable(files: Files): Map<string, unknown> {
  return new Map(
    objectsOf(synthesize(files)).flatMap(({ object: { kind, metadata, spec } }): [string, unknown][] => {
      const id = `${kind}/${metadata.name}`;
      if (kind === 'Job') return [[id, { ...spec, backoffLimit: 0, activeDeadlineSeconds: 0 }]];
      if (kind === 'Deployment') return [[id, spec.selector]];
      if (kind !== 'StatefulSet') return [];
      return [[id, [spec.selector, spec.serviceName, spec.podManagementPolicy, spec.volumeClaimTemplates]]];
    }),
  );
}

function shuffled(values: Record<string, string>) {
  const entries = Object.entries(values);
  return fc
    .shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length })
    .map((list) => Object.fromEntries(list));
}
