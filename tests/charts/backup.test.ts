import { describe, expect, it } from 'vitest';
import { type Files, guideConfig, guideSecrets, madeUp, synthesize } from '../support/cases';
import { sealedFixture, sopsFixture } from '../support/encrypted';
import { containersOf, objectsOf, templatesOf } from '../support/objects';

const backups = (password = 'backups') => ({
  BACKUP_PASSWORD: madeUp(password),
  BACKUP_S3_ACCESS_KEY_ID: madeUp('backups id', 20),
  BACKUP_S3_SECRET_ACCESS_KEY: madeUp('backups key', 40),
});
const names = Object.keys(backups());
const base = `
image: { tag: 53c1c9e }
backup: { to: { bucket: acme-backups, endpoint: 'https://s3.acme.dev' } }
edge: { tls: { clusterIssuer: letsencrypt } }
`;
const secrets = { ...guideSecrets, ...backups() };

/** An environment with backups in every mode of keeping secrets. */
const modes: Record<string, Files> = {
  'env-file': { yaml: base, config: guideConfig, secrets },
  existing: { yaml: `${base}secrets: { mode: existing, name: auth-server }`, config: guideConfig },
  'external-secrets': {
    yaml: `${base}secrets: { mode: external-secrets, store: { name: vault }, from: { key: auth }, variables: [${names.join(', ')}] }`,
    config: guideConfig,
  },
  'sealed-secrets': {
    yaml: `${base}secrets: { mode: sealed-secrets, scope: namespace-wide }`,
    config: guideConfig,
    others: { 'secrets.sealed.yaml': sealedFixture(secrets, 'hexclave-production') },
  },
  sops: {
    yaml: `${base}secrets: { mode: sops }`,
    config: guideConfig,
    others: {
      'secrets.sops.yaml': sopsFixture(secrets, Object.keys(guideSecrets)),
      'backup.sops.yaml': sopsFixture(secrets, names),
    },
  },
};

describe.each(Object.entries(modes))('the secrets of backups in the mode %s', (mode, files) => {
  const objects = objectsOf(synthesize(files));
  const sources = objects.filter(({ object }) => ['Secret', 'ExternalSecret', 'SealedSecret'].includes(object.kind));

  it('are in a Secret of their own, whole, and in no other', () => {
    for (const { object } of sources) {
      const own = object.metadata.name === 'hexclave-backup';
      for (const name of names) expect(JSON.stringify(object).includes(name), object.metadata.name).toBe(own);
    }
    const made = sources.filter(({ object }) => object.metadata.name === 'hexclave-backup');
    expect(made).toHaveLength(mode === 'existing' ? 0 : 1);
  });

  it('reach the containers that talk to the bucket, and those get none of the server’s but the database’s URL', () => {
    const all = templatesOf(objects).flatMap(({ template }) => containersOf(template));
    const withSecrets = all.filter((container) => JSON.stringify(container.env ?? []).includes('hexclave-backup'));
    expect(withSecrets.map(({ name }) => name)).toEqual(['backup', 'backup']);
    for (const { env, envFrom } of withSecrets) {
      expect(envFrom).toBeUndefined();
      const keys = env.flatMap((item: { valueFrom?: { secretKeyRef: { key: string } } }) =>
        item.valueFrom ? [item.valueFrom.secretKeyRef.key] : [],
      );
      expect(keys.sort()).toEqual([...names, 'STACK_DATABASE_CONNECTION_STRING'].sort());
    }
  });
});

describe('a new password of backups', () => {
  it('rolls no server pod and makes no new release', () => {
    const at = (password: string) =>
      synthesize({ ...modes['env-file']!, secrets: { ...guideSecrets, ...backups(password) } });
    const [before, after] = [at('one'), at('another')];
    for (const [file, text] of before) {
      if (file === '11-secret.k8s.yaml') expect(after.get(file)).not.toBe(text);
      else expect(after.get(file), file).toBe(text);
    }
  });
});
