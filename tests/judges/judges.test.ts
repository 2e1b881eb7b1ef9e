import { describe, expect, it } from 'vitest';
import { checkov } from './checkov';
import { exceptions, type Found, unexcused, unused } from './exceptions';
import { objectName, type Tool, type Verdict } from './findings';
import { kubeScore } from './kube-score';
import { kubeconform, kubernetesVersions } from './kubeconform';
import { folders, objectsIn } from './manifests';

const judges: { name: string; tool: Tool; judge: (folder: string) => Promise<Verdict> }[] = [
  ...kubernetesVersions.map((version) => ({
    name: `the API of Kubernetes ${version}`,
    tool: 'kubeconform' as const,
    judge: (folder: string) => kubeconform(folder, version),
  })),
  { name: 'kube-score', tool: 'kube-score', judge: kubeScore },
  { name: 'checkov', tool: 'checkov', judge: checkov },
];

/** Everything that was found, in the order of the answers. */
const found: Found[] = [];

describe.concurrent.each([...folders])('the manifests in %s', (where, folder) => {
  it.each(judges)('stand before $name', async ({ tool, judge }) => {
    const { findings, judged } = await judge(folder);
    const here = findings.map((finding) => ({ finding, where }));
    found.push(...here);
    expect(unexcused(here)).toEqual([]);
    expect(overlooked(folder, tool, judged), 'nothing was said about these').toEqual([]);
  });
});

describe('the exceptions', () => {
  it.each(exceptions)('$tool $check of $object is still needed', (exception) => {
    expect(found.length, 'only a complete run can tell').toBeGreaterThan(0);
    expect(unused(exception, found)).toEqual([]);
  });
});

/** The objects about which a judge said neither good nor bad, although they are what it is there for. */
function overlooked(folder: string, tool: Tool, judged: readonly string[]): string[] {
  return objectsIn(folder)
    .filter(({ object }) => tool === 'kubeconform' || WORKLOADS.has(object.kind))
    .map(({ object }) => objectName(object.apiVersion, object.kind, object.metadata.name))
    .filter((name) => !judged.includes(name));
}

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'Job', 'CronJob', 'Service', 'Ingress']);
