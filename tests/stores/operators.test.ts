import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { variable } from '../../config/contract';
import { BACKUP_SECRET } from '../../config/secrets/names';
import { synthesize } from '../support/cases';
import { type KubeObject, objectsOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const kinds = {
  Cluster: 'clusters.postgresql.cnpg.io',
  ClickHouseInstallation: 'clickhouseinstallations.clickhouse.altinity.com',
};

const { yaml } = snapshotCases.operators!;
/** With everything set, and with nothing but the modes. */
const cases = {
  full: snapshotCases.operators!,
  bare: {
    ...snapshotCases.operators!,
    yaml: yaml
      .replace(/cloudnative-pg,.*\}/, 'cloudnative-pg }')
      .replace(/altinity,.*\}/, 'altinity }')
      .replace(/^(registry|imagePullSecrets|labels|annotations|nodeSelector|tolerations|priorityClassName):.*\n/gm, ''),
  },
};

describe.each(Object.entries(cases))('the objects for operators, %s,', (_, files) => {
  const objects = objectsOf(synthesize(files)).map(({ object }) => object);

  test.each(Object.entries(kinds))(
    'have no field and no value that the operator’s definition lacks: %s',
    (kind, name) => {
      const { validate, apiVersion } = definition(name);
      const object = objects.find((item) => item.kind === kind);
      expect(object.apiVersion).toBe(apiVersion);
      expect(validate(object), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  test.each(Object.keys(kinds))('wait for the operator’s definitions and are never pruned: %s', (kind) => {
    const { annotations } = objects.find((item) => item.kind === kind).metadata;
    expect(annotations['argocd.argoproj.io/sync-options'].split(',').sort()).toEqual([
      'Delete=false',
      'Prune=false',
      'SkipDryRunOnMissingResource=true',
    ]);
    expect(annotations['kustomize.toolkit.fluxcd.io/prune']).toBe('disabled');
  });
});

test('the check of definitions finds a misspelt field, a wrong type and a missing field', () => {
  const { validate } = definition(kinds.Cluster);
  const cluster = { apiVersion: 'v', kind: 'Cluster', metadata: {}, spec: { instances: 3 } };
  expect(validate(cluster)).toBe(true);
  expect(validate({ ...cluster, spec: { instances: 3, imageNmae: 'a' } })).toBe(false);
  expect(validate({ ...cluster, spec: { instances: 'three' } })).toBe(false);
  expect(validate({ ...cluster, spec: { imageName: 'a' } })).toBe(false);
});

test('a ClickHouse with several replicas is refused with the reason', () => {
  expect(() =>
    synthesize({ ...cases.full, yaml: yaml.replace('mode: altinity,', 'mode: altinity, replicas: 3,') }),
  ).toThrow(/must be 1: the server’s migrations make plain tables and users on the one node they reach/);
});

describe('an archive of CloudNativePG, as docs/how-to/databases.md writes it', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/how-to/databases.md', import.meta.url)), 'utf8');
  const [, section] = /^### Every moment of the past\n([\s\S]*?)^## /m.exec(page)!;
  const [extra, patches] = [...section!.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block]) => block!);
  const files = { ...cases.bare, yaml: `${cases.bare.yaml}\n${patches}`, others: { 'extra/archive.yaml': extra! } };
  const objects = objectsOf(synthesize(files)).map(({ object }) => object);

  test.each([
    ['ObjectStore', 'objectstores.barmancloud.cnpg.io'],
    ['ScheduledBackup', 'scheduledbackups.postgresql.cnpg.io'],
    ['Cluster', kinds.Cluster],
  ])('has no field and no value that the operator’s definition lacks: %s', (kind, name) => {
    const { validate, apiVersion } = definition(name, './crds');
    const object = objects.find((item) => item.kind === kind);
    expect(object.apiVersion).toBe(apiVersion);
    // Of the Cluster the rest is judged above.
    const own = kind === 'Cluster' ? { ...object, spec: { plugins: object.spec.plugins } } : object;
    expect(validate(own), JSON.stringify(validate.errors)).toBe(true);
  });

  test('names what is there: the cluster, the store and the Secret of backups', () => {
    const named = (kind: string) => objects.find((item) => item.kind === kind);
    const [{ parameters }] = named('Cluster').spec.plugins;
    expect(parameters.barmanObjectName).toBe(named('ObjectStore').metadata.name);
    expect(named('ScheduledBackup').spec.cluster.name).toBe(named('Cluster').metadata.name);
    const { s3Credentials } = named('ObjectStore').spec.configuration;
    for (const { name, key } of Object.values<{ name: string; key: string }>(s3Credentials)) {
      expect([name, variable(key)?.scope]).toEqual([BACKUP_SECRET, 'backup']);
    }
  });
});

/** The operator's schema as it is kept in a folder, with every field that it does not list refused. */
function definition(name: string, folder = '../../imports/crds'): { validate: ValidateFunction; apiVersion: string } {
  const file = new URL(`${folder}/${name}.yaml`, import.meta.url);
  const { spec } = parse(readFileSync(fileURLToPath(file), 'utf8'));
  const [version] = spec.versions;
  const schema = strict(version.schema.openAPIV3Schema);
  schema.properties.metadata = { type: 'object' };
  const ajv = new Ajv({ strict: false, validateFormats: false });
  return { validate: ajv.compile(schema), apiVersion: `${spec.group}/${version.name}` };
}

function strict(schema: KubeObject): KubeObject {
  const result = { ...schema };
  if (schema.items) result.items = strict(schema.items);
  if (schema.properties) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, strict(property)]),
    );
    result.additionalProperties = false;
  }
  if (typeof schema.additionalProperties === 'object')
    result.additionalProperties = strict(schema.additionalProperties);
  return result;
}
