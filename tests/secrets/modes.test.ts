import { describe, expect, it } from 'vitest';
import { type Files, guideConfig, guideSecrets, load, madeUp, synthesize } from '../support/cases';
import { sealedFixture, sopsFixture } from '../support/encrypted';
import { type KubeObject, objectsOf, templatesOf } from '../support/objects';

const BASE = 'image: { tag: 53c1c9e }\nedge: { type: none }\n';
const MIGRATION = 'MIGRATION_DATABASE_CONNECTION_STRING';
const SEEDED = 'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY';
const url = (user: string) => `postgresql://${user}:${madeUp(user, 32)}@db.acme.test:5432/stackframe`;

type Secrets = Record<string, string>;

/** An environment in each mode that holds these secrets, or another revision of secrets that are not known here. */
const modes: Record<string, (secrets: Secrets, revision: string) => Files> = {
  'env-file': (secrets) => ({ yaml: BASE, config: guideConfig, secrets }),
  existing: (_, revision) => files(`mode: existing, name: given, revision: ${revision}`),
  'external-secrets': (secrets, revision) =>
    files(
      `mode: external-secrets, store: { name: vault }, from: { key: auth }, revision: ${revision}, variables: [${Object.keys(secrets)}]`,
    ),
  'sealed-secrets': (secrets) =>
    files('mode: sealed-secrets, scope: cluster-wide', { 'secrets.sealed.yaml': sealedFixture(secrets, '') }),
  sops: (secrets) => {
    const names = Object.keys(secrets).filter((name) => name !== MIGRATION);
    return files('mode: sops', {
      'secrets.sops.yaml': sopsFixture(secrets, names),
      'migration-database.sops.yaml': sopsFixture(secrets, [MIGRATION]),
    });
  },
};

const all: Secrets = { ...guideSecrets, [MIGRATION]: url('owner') };

describe.each(Object.entries(modes))('in the mode %s', (mode, make) => {
  const unknown = mode === 'existing' || mode === 'external-secrets';
  const before = objectsOf(synthesize(make(all, 'a')));

  it('nothing changes while nothing changes', () => {
    expect([...synthesize(make(all, 'a'))]).toEqual([...synthesize(make(all, 'a'))]);
  });

  it.each([
    ['a secret that the seed reads', { ...all, [SEEDED]: madeUp('another key') }, true],
    ['a secret that only pods read', { ...all, CRON_SECRET: madeUp('another cron') }, false],
    ['the server secret, which keys the fingerprints', { ...all, STACK_SERVER_SECRET: all.CRON_SECRET! }, true],
  ])('%s, when it changes, rolls the pods, and is a new release when the Job reads it', (_, changed, release) => {
    const after = objectsOf(synthesize(make(changed, 'b')));
    expect(pods(after)).not.toBe(pods(before));
    expect(job(after) !== job(before)).toBe(release || unknown);
  });

  it('both spellings of the internal keys reach the pods', () => {
    const [container] = template(before, 'Deployment').spec.containers;
    const names = container.env.map(({ name }: KubeObject) => name);
    expect(names).toContain('STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY');
    expect(names).toContain('STACK_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY');
  });

  it('Reloader is asked for only when that is set, and for Secrets alone', () => {
    const key = 'secret.reloader.stakater.com/reload';
    const deployment = (objects: KubeObject[]) => objects.find(({ object }) => object.kind === 'Deployment')!.object;
    expect(Object.keys(deployment(before).metadata.annotations)).not.toContain(key);
    const made = make(all, 'a');
    const yaml = made.yaml.includes('secrets:')
      ? made.yaml.replace('secrets: {', 'secrets: { reloader: true,')
      : `${made.yaml}secrets: { mode: env-file, reloader: true }\n`;
    const [name] = [mode === 'existing' ? 'given' : 'hexclave-secrets'];
    expect(deployment(objectsOf(synthesize({ ...made, yaml }))).metadata.annotations[key]).toBe(name);
  });
});

describe.each(Object.entries(modes).filter(([mode]) => mode !== 'existing'))('in the mode %s', (mode, make) => {
  it('the migration Job’s URL is a Secret of its own that no server pod reads', () => {
    const before = objectsOf(synthesize(make(all, 'a')));
    const after = objectsOf(synthesize(make({ ...all, [MIGRATION]: url('another') }, 'b')));
    expect(job(after)).not.toBe(job(before));
    if (mode !== 'external-secrets') expect(digest(after)).toBe(digest(before));
    expect(JSON.stringify(template(before, 'Deployment'))).not.toContain(MIGRATION);
    const [container] = template(before, 'Job').spec.containers;
    expect(container.env).toContainEqual({
      name: 'STACK_DATABASE_CONNECTION_STRING',
      valueFrom: { secretKeyRef: { name: 'hexclave-migration-database', key: MIGRATION } },
    });
  });
});

describe('in the mode external-secrets', () => {
  const synth = (settings: string) => objectsOf(synthesize(files(`mode: external-secrets, ${settings}`)));
  const data = (objects: KubeObject[]) =>
    Object.fromEntries(
      objects
        .find(({ object }) => object.kind === 'ExternalSecret')!
        .object.spec.data.map(({ secretKey, remoteRef }: KubeObject) => [secretKey, remoteRef]),
    );

  it('every required secret is listed, and what the user adds, under the name that the manifests read', () => {
    const found = data(
      synth('store: { name: vault }, from: { prefix: auth/ }, variables: [HEXCLAVE_SVIX_API_KEY, MY_TOKEN]'),
    );
    expect(found.STACK_SERVER_SECRET).toEqual({ key: 'auth/STACK_SERVER_SECRET' });
    expect(found.STACK_SVIX_API_KEY).toEqual({ key: 'auth/HEXCLAVE_SVIX_API_KEY' });
    expect(found.MY_TOKEN).toEqual({ key: 'auth/MY_TOKEN' });
  });

  it('a variable that comes from another Secret, or from a generator, is not asked of the store', () => {
    const yaml = `${BASE}secrets: { mode: external-secrets, store: { name: vault }, from: { key: auth }, generators: { CRON_SECRET: { name: password } } }\nenv: { STACK_DATABASE_CONNECTION_STRING: { secret: db, key: uri } }\n`;
    const objects = objectsOf(synthesize({ yaml, config: guideConfig }));
    expect(Object.keys(data(objects))).not.toContain('CRON_SECRET');
    expect(Object.keys(data(objects))).not.toContain('STACK_DATABASE_CONNECTION_STRING');
    const generated = objects.find(({ object }) => object.metadata.name === 'hexclave-generated-cron-secret')!.object;
    expect(generated.spec).toMatchObject({ refreshPolicy: 'CreatedOnce', target: { creationPolicy: 'Orphan' } });
    const cron = objects.find(({ object }) => object.kind === 'CronJob')!.object.spec.jobTemplate.spec.template;
    expect(cron.spec.volumes[0].secret).toMatchObject({
      secretName: 'hexclave-generated-cron-secret',
      items: [{ key: 'CRON_SECRET' }],
    });
  });

  it('each variable of a generator is a Secret of its own, so that a new value of one leaves the others', () => {
    const generators = 'generators: { STACK_CLICKHOUSE_EXTERNAL_PASSWORD: { name: a }, CRON_SECRET: { name: b } }';
    const generated = synth(`store: { name: vault }, from: { key: auth }, ${generators}`)
      .map(({ object }) => object)
      .filter(({ kind, metadata }) => kind === 'ExternalSecret' && metadata.name.startsWith('hexclave-generated'));
    expect(generated.map(({ metadata, spec }) => [metadata.name, spec.target.name, spec.dataFrom.length])).toEqual(
      ['cron-secret', 'stack-clickhouse-external-password'].map((end) => [
        `hexclave-generated-${end}`,
        `hexclave-generated-${end}`,
        1,
      ]),
    );
  });

  it('another place in the store is a new release, for its values are others', () => {
    const [one, two] = ['{ key: auth }', '{ key: other }'].map((from) =>
      synth(`store: { name: vault }, from: ${from}`),
    );
    expect(job(two!)).not.toBe(job(one!));
    expect(pods(two!)).not.toBe(pods(one!));
  });

  it('no Secret that the operator makes carries what Argo CD would take for an object of its own', () => {
    const yaml = `${BASE}annotations: { argocd.argoproj.io/compare-options: IgnoreExtraneous, acme.test/owner: me }\nsecrets: { mode: external-secrets, store: { name: vault }, from: { key: auth } }\n`;
    const { spec } = objectsOf(synthesize({ yaml, config: guideConfig })).find(
      ({ object }) => object.kind === 'ExternalSecret',
    )!.object;
    expect(spec.target.template.metadata.annotations).toEqual({ 'acme.test/owner': 'me' });
    expect(Object.keys(spec.target.template.metadata.labels)).not.toContain('app.kubernetes.io/instance');
  });

  it('a generator is refused for what somebody else issues, and told the form of the server secret', () => {
    const found = (name: string) =>
      load(
        files(
          `mode: external-secrets, store: { name: vault }, from: { key: auth }, generators: { ${name}: { name: password } }`,
        ),
      ).findings.filter(({ rule }) => rule === 'generated-once');
    expect(found('STACK_STRIPE_SECRET_KEY')).toMatchObject([{ severity: 'error', line: 3 }]);
    expect(found('STACK_SERVER_SECRET')).toMatchObject([
      {
        severity: 'warning',
        message: expect.stringMatching(/32 bytes in base64url.*is the only copy/),
        fix: expect.stringContaining('length: 43 and symbols: 0'),
      },
    ]);
    expect(found('CRON_SECRET')).toEqual([]);
  });
});

it('a sealed or encrypted file that is missing or damaged is an error with the way out', () => {
  for (const [mode, file] of [
    ['sealed-secrets', 'secrets.sealed.yaml'],
    ['sops', 'secrets.sops.yaml'],
  ]) {
    const missing = load(files(`mode: ${mode}`));
    expect(missing.environment).toBeUndefined();
    expect(missing.findings).toContainEqual(
      expect.objectContaining({ rule: 'secrets-not-sealed', fix: expect.stringContaining('seal production') }),
    );
    for (const text of ['CRON_SECRET: 3', '- a', 'a: [', '{ CRON_SECRET: { ciphertext: "%" } }']) {
      const { environment, findings } = load(files(`mode: ${mode}`, { [file!]: text }));
      expect(environment, text).toBeUndefined();
      expect(
        findings.map(({ rule }) => rule),
        text,
      ).toContain(mode === 'sops' ? 'sops-file-invalid' : 'sealed-file-invalid');
    }
  }
});

function files(secrets: string, others?: Record<string, string>): Files {
  return { yaml: `${BASE}secrets: { ${secrets} }\n`, config: guideConfig, others };
}

function template(objects: KubeObject[], kind: string): KubeObject {
  return templatesOf(objects).find(({ owner }) => owner.kind === kind)!.template;
}

function pods(objects: KubeObject[]): string {
  return JSON.stringify(template(objects, 'Deployment'));
}

function digest(objects: KubeObject[]): string {
  return template(objects, 'Deployment').metadata.annotations['hexclave.dev/configuration'];
}

function job(objects: KubeObject[]): string {
  return objects.find(({ object }) => object.kind === 'Job')!.object.metadata.name;
}
