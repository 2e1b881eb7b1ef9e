import { parseAllDocuments } from 'yaml';

/** A Kubernetes object as it stands in a manifest; the tests walk it without knowing its kind. */
// biome-ignore lint/suspicious/noExplicitAny: manifests of every kind are walked by path
export type KubeObject = any;

/** An object and the file it stands in. */
export interface Emitted {
  readonly file: string;
  readonly object: KubeObject;
}

/** All objects of an environment's manifests, in the order in which they are applied. */
export function objectsOf(files: ReadonlyMap<string, string>): Emitted[] {
  return [...files].flatMap(([file, text]) => structuredClone(parsed(text)).map((object) => ({ file, object })));
}

/** Most files are the same in most variants of an environment, and reading them takes longer than making them. */
const seen = new Map<string, KubeObject[]>();

function parsed(text: string): KubeObject[] {
  let objects = seen.get(text);
  if (!objects) {
    objects = parseAllDocuments(text).map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    });
    seen.set(text, objects);
  }
  return objects;
}

/** A pod template, wherever a kind keeps it, and the object it belongs to. */
export interface Template {
  readonly owner: KubeObject;
  readonly template: KubeObject;
}

export function templatesOf(objects: readonly Emitted[]): Template[] {
  return objects.flatMap(({ object }) => {
    const template =
      object.kind === 'CronJob'
        ? object.spec.jobTemplate.spec.template
        : object.kind === 'ClickHouseInstallation'
          ? object.spec.templates.podTemplates[0]
          : object.spec?.template?.spec
            ? object.spec.template
            : undefined;
    return template ? [{ owner: object, template }] : [];
  });
}

export function containersOf(template: KubeObject): KubeObject[] {
  return [...(template.spec.initContainers ?? []), ...template.spec.containers];
}

export function matches(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** `Kind/name` for titles and messages. */
export function idOf(object: KubeObject): string {
  return `${object.kind}/${object.metadata.name}`;
}
