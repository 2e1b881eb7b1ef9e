import { type Emitted, type KubeObject, templatesOf } from './objects';

/** A container as the kubelet starts it: its command, and its variables with values from Secrets and `$(NAME)` filled in. */
export interface PodContainer {
  readonly command: string[];
  readonly env: Record<string, string>;
}

/** The container of this name in the pods of this owner, e.g. `StatefulSet/hexclave-mailpit`. */
export function containerOf(objects: readonly Emitted[], owner: string, name: string): PodContainer {
  const found = templatesOf(objects).find((item) => `${item.owner.kind}/${item.owner.metadata.name}`.startsWith(owner));
  const { spec } = found!.template;
  const container: KubeObject = [...(spec.initContainers ?? []), ...spec.containers].find((item) => item.name === name);
  const env: Record<string, string> = {};
  for (const { name: variable, value, valueFrom } of container.env ?? []) {
    env[variable] = valueFrom ? secretValue(objects, valueFrom.secretKeyRef) : expanded(value, env);
  }
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  return { command: words.map((word: string) => expanded(word, env)), env };
}

function secretValue(objects: readonly Emitted[], { name, key }: { name: string; key: string }): string {
  const secret = objects.find(({ object }) => object.kind === 'Secret' && object.metadata.name === name)?.object;
  return Buffer.from(secret.data[key], 'base64').toString();
}

/** As Kubernetes does it: `$$` is a dollar, and a name that is not set stays as it is written. */
function expanded(text: string, env: Record<string, string>): string {
  return text.replace(/\$(?:\$|\(([-._A-Za-z][-._A-Za-z0-9]*)\))/g, (whole, name) =>
    whole === '$$' ? '$' : (env[name] ?? whole),
  );
}
