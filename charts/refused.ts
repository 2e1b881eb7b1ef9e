import { amount } from '../config/quantity';
import { containersOf, type Document, podTemplatesOf } from './documents';

/** Why the API server would refuse the pods of an object, as ends of a sentence. */
export function refused(document: Document): string[] {
  return podTemplatesOf(document).flatMap((template) => [
    ...twice(containersOf(template), (name) => `two of its containers are called ${name}`),
    ...twice(template.spec.volumes ?? [], (name) => `two of its volumes are called ${name}`),
    ...containersOf(template).flatMap((container) => inContainer(container, volumesOf(document, template))),
  ]);
}

/** Names of the volumes that a container can mount; an operator brings some that it does not say. */
function volumesOf({ kind, spec }: Document, template: Document): ReadonlySet<string> | undefined {
  if (kind === 'ClickHouseInstallation') return undefined;
  const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }: Document) => metadata.name);
  return new Set([...(template.spec.volumes ?? []).map(({ name }: Document) => name), ...claims]);
}

function inContainer(container: Document, volumes: ReadonlySet<string> | undefined): string[] {
  const { name, env = [], volumeMounts = [], resources = {} } = container;
  return [
    ...twice(env, (variable) => `the container ${name} sets ${variable} twice`),
    ...twice(
      volumeMounts.map(({ mountPath }: Document) => ({ name: mountPath })),
      (path) => `the container ${name} mounts two volumes at ${path}`,
    ),
    ...volumeMounts
      .filter((mount: Document) => volumes && !volumes.has(mount.name))
      .map((mount: Document) => `the container ${name} mounts ${mount.name}, and the pod has no such volume`),
    ...Object.keys(resources.requests ?? {})
      .filter((kind) => amount(resources.requests[kind]) > amount(resources.limits?.[kind] ?? Number.NaN))
      .map((kind) => `the container ${name} requests more ${kind} than its limit`),
  ];
}

function twice(items: readonly Document[], sentence: (name: string) => string): string[] {
  const names = items.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(sentence);
}
