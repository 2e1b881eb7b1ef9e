import type { Assignment, Draft, Rule } from '../draft';
import { belongsInSecret } from '../secrets/credential';
import { withLine, withSetting, withVariable } from './read';

/** What Kubernetes and the kernel can carry. */
export const size: readonly Rule[] = [
  {
    id: 'value-too-long',
    severity: 'error',
    summary: 'A value is longer than an environment variable can be.',
    *check(draft) {
      for (const item of draft.values.values()) {
        // Linux starts no program with a string above 128 KiB, the closing NUL included (MAX_ARG_STRLEN).
        if (bytesOf(item) < 128 * 1024) continue;
        const message = 'Linux starts no program with a variable of 128 KiB or more, so no container would start.';
        yield withLine(item, 'error', message, 'Shorten the value.');
      }
    },
  },
  {
    id: 'values-too-big',
    severity: 'depends',
    summary: 'All values together do not fit into a ConfigMap or Secret, or into the environment of a program.',
    *check(draft) {
      const all = [...draft.values.values()].filter((item) => !draft.references.has(item.name));
      const halves = { Secret: all.filter(belongsInSecret), ConfigMap: all.filter((item) => !belongsInSecret(item)) };
      for (const [kind, items] of Object.entries(halves)) {
        const bytes = sum(items);
        if (bytes <= CLIENT_SIDE) continue;
        const refused = bytes > 1024 * 1024;
        yield withVariable(
          draft,
          largest(items).name,
          refused ? 'error' : 'warning',
          refused
            ? `The variables of the ${kind} have ${bytes} bytes, and Kubernetes refuses more than 1 MiB. This is the largest.`
            : `The variables of the ${kind} have ${bytes} bytes; kubectl apply keeps a copy in an annotation, which may have 256 KiB. This is the largest.`,
          refused ? 'Shorten it.' : 'Apply with kubectl apply --server-side, or shorten it.',
        );
      }
      const together = sum(all);
      if (all.length === 0 || together <= ENVIRONMENT) return;
      const message = `All variables have ${together} bytes, and Linux starts no program with 2 MiB of them. This is the largest.`;
      yield withVariable(draft, largest(all).name, 'error', message, 'Shorten it.');
    },
  },
  {
    id: 'annotations-too-big',
    severity: 'error',
    summary: 'The annotations of an object have more than the 256 KiB that Kubernetes allows.',
    *check(draft) {
      for (const [path, annotations] of annotated(draft)) {
        const bytes = Object.entries(annotations).reduce((all, [key, text]) => all + Buffer.byteLength(key + text), 0);
        if (bytes <= ANNOTATIONS) continue;
        const message = `The annotations have ${bytes} bytes, and Kubernetes refuses an object with more than 256 KiB of them; the manifests have some of their own.`;
        yield withSetting(draft, path, 'error', message, 'Shorten them, or put the texts into a ConfigMap.');
      }
    },
  },
];

/** Base64 and names make a third more of it, and the annotation holds 262144 bytes. */
const CLIENT_SIDE = 190_000;
/** Of the 2 MiB some are for arguments, and for what the manifests and the image set. */
const ENVIRONMENT = 1.75 * 2 ** 20;
/** The manifests' own have less than 16 KiB, fingerprints of secrets included. */
const ANNOTATIONS = 240 * 1024;

/** The user's annotations, by their path; those for one object come on top of those for all. */
function annotated({ settings }: Draft): [path: string, annotations: Readonly<Record<string, string>>][] {
  const { annotations, edge } = settings;
  const gateway = edge.gateway?.create?.annotations ?? {};
  const more: [string, Readonly<Record<string, string>>][] = [
    ['edge.annotations', edge.annotations],
    ['edge.gateway.create.annotations', gateway],
  ];
  const added = more.filter(([, own]) => Object.keys(own).length > 0);
  return [
    ['annotations', annotations],
    ...added.map(([path, own]): (typeof more)[number] => [path, { ...annotations, ...own }]),
  ];
}

function sum(items: readonly Assignment[]): number {
  return items.reduce((bytes, item) => bytes + bytesOf(item), 0);
}

function bytesOf({ written, value }: Assignment): number {
  return Buffer.byteLength(`${written}=${value}`);
}

function largest(items: readonly Assignment[]): Assignment {
  return items.reduce((a, b) => (Buffer.byteLength(b.value) > Buffer.byteLength(a.value) ? b : a));
}
