/** A Kubernetes object as it will be written: plain data of any kind, after cdk8s has made it. */
// biome-ignore lint/suspicious/noExplicitAny: objects of every kind are walked by path
export type Document = any;

/** The pod templates of an object, wherever its kind keeps them. */
export function podTemplatesOf({ kind, spec }: Document): Document[] {
  if (kind === 'CronJob') return [spec?.jobTemplate?.spec?.template].filter(isTemplate);
  if (kind === 'ClickHouseInstallation') return (spec?.templates?.podTemplates ?? []).filter(isTemplate);
  return [spec?.template].filter(isTemplate);
}

/** All containers of a pod template, those that run first in front. */
export function containersOf(template: Document): Document[] {
  return [...(template.spec.initContainers ?? []), ...(template.spec.containers ?? [])];
}

/** `Kind/name`, as people and kubectl write it. */
export function idOf({ kind, metadata }: Document): string {
  return `${kind}/${metadata?.name}`;
}

function isTemplate(template: Document): boolean {
  return typeof template?.spec === 'object' && template.spec !== null && Array.isArray(template.spec.containers);
}
