import { describe, expect, test } from 'vitest';
import { load, synthesize } from '../support/cases';
import { type KubeObject, objectsOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const bundled = snapshotCases.bundled!;
const stores = (yaml: string): KubeObject[] =>
  objectsOf(synthesize({ ...bundled, yaml }))
    .filter(({ file }) => file === '20-stores.k8s.yaml')
    .map(({ object }) => object);
const sets = (yaml: string) => stores(yaml).filter(({ kind }) => kind === 'StatefulSet');

describe('a bundled store', () => {
  test('says on every object, and in a finding, that it is for evaluation', () => {
    const objects = stores(bundled.yaml);
    expect(objects).toHaveLength(6);
    for (const { metadata, spec } of objects) {
      expect(metadata.annotations['hexclave.dev/evaluation']).toMatch(/^One \w+ pod on one volume, without backups/);
      if (spec?.template) expect(spec.template.metadata.annotations).toHaveProperty(['hexclave.dev/evaluation']);
    }
    const findings = load(bundled).findings.filter(({ rule }) => rule === 'store-evaluation');
    expect(findings.map(({ field }) => field)).toEqual(['stores.postgres.mode', 'stores.clickhouse.mode']);
  });

  test('keeps its volume when it is deleted or scaled, and asks for the size and class of the environment', () => {
    const [postgres, clickhouse] = sets(bundled.yaml);
    for (const { spec } of [postgres, clickhouse]) {
      expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
    }
    expect(postgres.spec.volumeClaimTemplates[0].spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '5Gi' } },
    });
    expect(clickhouse.spec.volumeClaimTemplates[0].spec).not.toHaveProperty('storageClassName');
  });

  test('has claims that no later change of labels or annotations touches, for Kubernetes refuses those', () => {
    const claims = (yaml: string) => sets(yaml).map(({ spec }) => spec.volumeClaimTemplates);
    const changed = bundled.yaml.replace('labels: { team: identity }', 'labels: { team: x }\nannotations: { a: b }');
    expect(changed).not.toBe(bundled.yaml);
    expect(claims(changed)).toEqual(claims(bundled.yaml));
  });

  test('is named by a headless Service with the selector of its pods', () => {
    for (const { spec, metadata } of sets(bundled.yaml)) {
      const service = stores(bundled.yaml).find(
        (object) => object.kind === 'Service' && object.metadata.name === spec.serviceName,
      );
      expect(spec.serviceName).toBe(metadata.name);
      expect(service.spec).toMatchObject({ clusterIP: 'None', selector: spec.selector.matchLabels });
    }
  });

  test.each([
    ['1', 200],
    ['5', 225],
    ['{ min: 2, max: 40 }', 1100],
  ])('lets %s replicas, a rollout and the migration connect at once', (replicas, connections) => {
    const [postgres] = sets(bundled.yaml.replace('replicas: 1', `replicas: ${replicas}`));
    expect(postgres.spec.template.spec.containers[0].args).toContain(`max_connections=${connections}`);
  });

  test('starts anew when a file of its configuration changes, and only then', () => {
    const digests = (yaml: string) =>
      sets(yaml).map(({ spec }) => spec.template.metadata.annotations['hexclave.dev/configuration']);
    const [postgres, clickhouse] = digests(bundled.yaml);
    expect(postgres).toMatch(/^[0-9a-f]{32}$/);
    expect(clickhouse).not.toBe(postgres);
    expect(digests(bundled.yaml.replace('53c1c9e', '09a039a'))).toEqual([postgres, clickhouse]);
  });
});
