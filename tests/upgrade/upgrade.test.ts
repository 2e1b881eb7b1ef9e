import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GENERATOR } from '../../charts/configuration';
import { changesBetween } from '../../cli/upgrade';
import { changedFields } from '../../cluster/diff/fields';
import { immutableChanges } from '../../cluster/diff/immutable';
import { VERSION } from '../../config/version';
import { idOf, type KubeObject } from '../support/objects';
import { landed } from './landed';

/**
 * What an upgrade does to an install that works on, and why it has to: version → case → `Kind/name` or the start of it. A
 * change of pods or of a release that is not in here was not meant.
 */
const MEANT: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // Its program is another one; it keeps nothing, and what it was rendering is asked for again.
  '0.1.0': { evaluation: ['Deployment/hexclave-renderer'] },
};

describe.each(landed.map((item) => [`${item.version}, ${item.title}`, item] as const))('manifests of %s', (_, item) => {
  const { before, after, version, title } = item;
  const pairs = before.flatMap((object) => {
    const now = after.find((other) => idOf(other) === idOf(object));
    return now ? [[object, now] as const] : [];
  });
  const changes = changesBetween(before, after);

  it('have no field that Kubernetes lets nobody change', () => {
    expect(pairs.length).toBeGreaterThan(10);
    for (const [old, now] of pairs) expect(immutableChanges(old, now), idOf(old)).toEqual([]);
    expect(changes.refused).toEqual([]);
  });

  it('are all still there, in the same namespace', () => {
    expect(changes.gone).toEqual([]);
    for (const [old, now] of pairs) expect(now.metadata.namespace, idOf(old)).toBe(old.metadata.namespace);
  });

  it('keep every key of Secrets and ConfigMaps that pods of before read', () => {
    for (const [old, now] of pairs) expect(Object.keys(now.data ?? {}), idOf(old)).toEqual(expect.arrayContaining(Object.keys(old.data ?? {})));
  });

  it('keep the labels by which people and controllers find them', () => {
    for (const [old, now] of pairs) expect(now.metadata.labels, idOf(old)).toMatchObject(old.metadata.labels);
  });

  it('replace pods and run migrations where that is meant, and nowhere else', () => {
    const meant = MEANT[version]?.[title] ?? [];
    for (const object of [...changes.rolls, ...changes.migrates])
      expect(meant.some((start) => object.startsWith(start)), `${object}: see MEANT`).toBe(true);
  });
});

describe('the mark of the version', () => {
  it('stands on one object and in no pod template', () => {
    for (const { after } of landed) {
      const marked = after.filter((object) => JSON.stringify(object).includes(GENERATOR));
      expect(marked.map(idOf)).toEqual(['ConfigMap/hexclave-config']);
      expect(marked[0]!.metadata.annotations[GENERATOR]).toBe(VERSION);
    }
  });

  it('is the version of the package', () => {
    for (const file of ['../../package.json', '../../cli/package.json']) {
      expect(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).version).toBe(VERSION);
    }
  });
});

describe('docs/explanation/stability.md', () => {
  const page = readFileSync(new URL('../../docs/explanation/stability.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([^`]+)` +\| ([^|]*) \|$/gm)].map(([, object, what]) => [object!, what!] as const);
  const lasting = ['Deployment', 'StatefulSet', 'Service', 'Secret', 'ConfigMap', 'Cluster', 'ClickHouseInstallation'];

  it('lists every object that may never have another name, with its volume', () => {
    const objects = landed.flatMap(({ before }) => before).filter(({ kind }) => lasting.includes(kind));
    for (const object of objects) {
      const row = rows.find(([listed]) => idOf(object).replace(/-\d+$/, '-0') === listed);
      expect(row, idOf(object)).toBeDefined();
      for (const { metadata } of object.spec?.volumeClaimTemplates ?? []) expect(row![1]).toContain(`\`${metadata.name}\``);
    }
    expect(rows.length).toBeGreaterThan(10);
  });

  it('lists nothing that no version has', () => {
    const known = new Set(landed.flatMap(({ before }) => before.map((object) => idOf(object).replace(/-\d+$/, '-0'))));
    for (const [listed] of rows) expect(known, listed).toContain(listed);
  });

  it('names the labels of every selector', () => {
    const selectors = landed.flatMap(({ before }) =>
      before.flatMap(({ spec }: KubeObject) => Object.keys(spec?.selector?.matchLabels ?? {})),
    );
    for (const label of new Set(selectors)) expect(page).toContain(`\`${label}\``);
  });
});

describe('what is compared', () => {
  const [{ before }] = landed as [(typeof landed)[number]];
  const changed = (kind: string, change: (object: KubeObject) => void) => {
    const after = structuredClone(before) as KubeObject[];
    change(after.find((object) => object.kind === kind));
    return changesBetween(before, after);
  };

  it.each<[string, string, (object: KubeObject) => void]>([
    ['a selector', 'Deployment', ({ spec }) => Object.assign(spec.selector.matchLabels, { extra: 'label' })],
    ['the name of a volume', 'StatefulSet', ({ spec }) => Object.assign(spec, { volumeClaimTemplates: [{ metadata: { name: 'other' } }] })],
    ['the Service of a StatefulSet', 'StatefulSet', ({ spec }) => Object.assign(spec, { serviceName: 'other' })],
    ['the pods of a Job that keeps its name', 'Job', ({ spec }) => Object.assign(spec.template.spec, { nodeName: 'other' })],
  ])('refuses %s', (_, kind, change) => {
    expect(changed(kind, change).refused).toHaveLength(1);
  });

  it('tells rolled pods, new Jobs, lost objects and other changes apart', () => {
    expect(changed('Deployment', ({ spec }) => Object.assign(spec.template.spec, { hostname: 'a' })).rolls).toHaveLength(1);
    expect(changed('Deployment', ({ spec }) => Object.assign(spec, { replicas: 9 })).changes).toHaveLength(1);
    expect(changesBetween(before.filter(({ kind }) => kind !== 'Job'), before).migrates).toHaveLength(1);
    expect(changesBetween(before, before.filter(({ kind }) => kind !== 'StatefulSet')).gone.length).toBeGreaterThan(1);
    expect(changesBetween(before, before)).toEqual({ refused: [], migrates: [], rolls: [], changes: [], gone: [] });
    expect(changedFields(before[0], before[0])).toEqual([]);
  });
});
