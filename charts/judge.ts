import type { Environment } from '../config/environment';
import type { Finding } from '../config/finding';
import { found } from '../config/reading-rules';
import { containersOf, type Document, idOf, podTemplatesOf } from './documents';
import { refused } from './refused';

/** What Kubernetes would refuse of the pods that `pods` makes. */
export function judgePods(env: Environment, documents: readonly Document[]): Finding[] {
  if (Object.keys(env.settings.pods).length === 0) return [];
  const place = { ...env.places.pods, field: 'pods' };
  const names = new Set(
    documents
      .flatMap(podTemplatesOf)
      .flatMap(containersOf)
      .map(({ name }) => name),
  );
  const reasons = documents.flatMap((document) => refused(document).map((reason) => `${idOf(document)}: ${reason}`));
  return [
    ...reasons.map((reason) =>
      found('object-refused', {
        ...place,
        message: `Kubernetes would refuse what becomes of ${reason}.`,
        fix: 'Choose another name or path, or add the volume under volumes.',
      }),
    ),
    ...tokens(env)
      .filter(({ name }) => !names.has(name))
      .map(({ group, name }) =>
        found('object-refused', {
          ...place,
          field: `pods.${group}.serviceAccount.token`,
          message: `No container is called ${name}, so nothing would get the token.`,
          fix: `There are: ${[...names].sort().join(', ')}.`,
        }),
      ),
  ];
}

/** The user's own objects that are there twice, among themselves or among ours. */
export function judgeExtra(env: Environment, documents: readonly Document[]): Finding[] {
  if (env.extra.length === 0) return [];
  const ids = documents.map(key);
  return env.extra
    .filter(({ object }) => ids.filter((id) => id === key(object)).length > 1)
    .map(({ object, file, line }) =>
      found('extra-taken', {
        file,
        line,
        field: idOf(object),
        message: 'There is another object of this kind and name, and each apply would overwrite one with the other.',
        fix: 'Choose another name; what the manifests bring is changed with patches.',
      }),
    );
}

/** Versions of an API hold the same objects. */
function key(document: Document): string {
  return `${String(document.apiVersion).split('/').slice(0, -1).join('/')}/${idOf(document)}`;
}

function tokens(env: Environment): { group: string; name: string }[] {
  return Object.entries(env.settings.pods).flatMap(([group, { serviceAccount }]) =>
    (serviceAccount?.token ?? []).map((name) => ({ group, name })),
  );
}
