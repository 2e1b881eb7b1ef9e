import { type Finding, objectName, type Verdict } from './findings';
import { ask, tools } from './tools';

/** The Kubernetes versions whose API descriptions install.sh fetches, one of each supported minor version. */
export const kubernetesVersions = ['1.34.4', '1.35.4', '1.36.3', '1.37.2'];

/** Holds manifests to the official API description of a Kubernetes version. */
export async function kubeconform(folder: string, version: string): Promise<Verdict> {
  const { resources } = (await ask(tools.kubeconform, [
    ...['-strict', '-verbose', '-output', 'json', '-kubernetes-version', version],
    // Not its usual {{.KindSuffix}}: that has the group's first word only, the same for networking.istio.io and ours.
    '-schema-location',
    `${tools.schemas}/{{.NormalizedKubernetesVersion}}/{{.Group}}/{{.ResourceKind}}-{{.ResourceAPIVersion}}.json`,
    folder,
  ])) as { resources: Resource[] };
  return { judged: resources.map(nameOf), findings: resources.flatMap(findingsOf) };
}

interface Resource {
  readonly kind: string;
  readonly name: string;
  /** Group and version. */
  readonly version: string;
  readonly status: 'statusValid' | 'statusInvalid' | 'statusError' | 'statusSkipped';
  readonly msg: string;
}

function findingsOf(resource: Resource): Finding[] {
  if (resource.status === 'statusValid') return [];
  // Custom resources are in no official description: those that are emitted stand in exceptions.yaml by group.
  const check = resource.msg.startsWith('could not find schema') ? 'no-schema' : 'invalid';
  return [{ tool: 'kubeconform', check, object: nameOf(resource), message: resource.msg }];
}

function nameOf({ version, kind, name }: Resource): string {
  return objectName(version, kind, name);
}
