import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkov } from './checkov';
import { type Exception, type Found, unexcused, unused } from './exceptions';
import { type Fault, insecure, invalid, invalidBut135, unreliable } from './faults';
import { type Finding, objectName, type Verdict } from './findings';
import { kubeScore } from './kube-score';
import { kubeconform, kubernetesVersions } from './kubeconform';
import { folders, objectsIn } from './manifests';

describe.each(kubernetesVersions)('the API of Kubernetes %s', (version) => {
  const found = judged([...invalid, invalidBut135], (folder) => kubeconform(folder, version));

  it.each(invalid)('refuses $what', (fault) => {
    expect(found(fault)).toHaveLength(1);
  });

  it('refuses the fields of the other versions', () => {
    expect(found(invalidBut135)).toHaveLength(version.startsWith('1.35.') ? 0 : 1);
  });
});

describe('kube-score', () => {
  const found = judged(unreliable, kubeScore);

  it.each(unreliable)('finds $what', (fault) => {
    expect(found(fault)).toHaveLength(1);
  });
});

describe('checkov', () => {
  const found = judged(insecure, checkov);

  it.each(insecure)('finds $what', (fault) => {
    expect(found(fault)).toHaveLength(1);
  });
});

describe('an exception', () => {
  const finding: Finding = { tool: 'checkov', check: 'CKV_K8S_11', object: 'Job/hexclave-migrate-1', message: '' };
  const found: Found[] = [{ finding, where: 'dist/a' }];
  const fits: Exception = { ...finding, object: 'Job/hexclave-migrate-*', in: ['dist/a'], reason: '' };

  it('excuses the finding that it is about', () => {
    expect(unexcused(found, [fits])).toEqual([]);
    expect(unused(fits, found)).toEqual([]);
  });

  it.each<Partial<Exception>>([
    { tool: 'kube-score' },
    { check: 'CKV_K8S_1' },
    { object: 'Job/hexclave-migrate' },
    { object: 'Job.*/hexclave-*' },
    { object: 'CronJob/*' },
    { in: ['dist/b'] },
  ])('with %j excuses something else, and is reported when there is nothing else', (difference) => {
    const other = { ...fits, ...difference };
    expect(unexcused(found, [other])).toEqual([finding]);
    expect(unused(other, found)).toEqual(['no finding matches: remove the line']);
  });

  it('for a folder without the finding is reported', () => {
    expect(unused({ ...fits, in: ['dist/a', 'dist/b'] }, found)).toEqual([
      'no finding in dist/b matches: remove the name',
    ]);
  });
});

/**
 * Has the guide's manifests judged with all the faults in them, before the tests of a suite. The answer tells what was
 * said of a fault and is excused by no exception.
 */
function judged(faults: readonly Fault[], judge: (folder: string) => Promise<Verdict>): (fault: Fault) => Finding[] {
  const targets = new Map<Fault, string>();
  let said: Finding[] = [];

  beforeAll(async () => {
    const where = '__snapshots__/guide';
    const objects = objectsIn(folders.get(where)!).map(({ object }) => object);
    for (const fault of faults) {
      const target = objects.find(({ kind, metadata }) => `${kind}/${metadata.name}`.startsWith(fault.object));
      fault.plant(target);
      targets.set(fault, objectName(target.apiVersion, fault.saidOf ?? target.kind, target.metadata.name));
    }
    const folder = mkdtempSync(join(tmpdir(), 'hexclave-faults-'));
    try {
      writeFileSync(join(folder, 'all.yaml'), objects.map((object) => stringify(object)).join('---\n'));
      const { findings } = await judge(folder);
      said = unexcused(findings.map((finding) => ({ finding, where })));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  return (fault) =>
    said.filter(
      ({ object, check, message }) =>
        object === targets.get(fault) && check === fault.check && (fault.message?.test(message) ?? true),
    );
}
