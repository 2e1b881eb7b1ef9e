import type { Draft, Issue, Rule } from '../draft';
import { CLUSTER_FIELDS, podSettings } from '../pods';
import { holdsCredential } from '../secrets/credential';
import { withSetting } from './read';
import { textsOf } from './texts';

/** What the pods get by `pods`, as far as it can be judged without the pods. */
export const pods: readonly Rule[] = [
  {
    id: 'pods-unsupported',
    severity: 'warning',
    summary: 'A field for the pods of stores that CloudNativePG makes, and cannot be told.',
    *check(draft) {
      if (draft.settings.stores.postgres.mode !== 'cloudnative-pg') return;
      const { serviceAccount, ...fields } = podSettings(draft.settings, 'stores');
      const names: string[] = Object.keys(fields).filter((name) => !CLUSTER_FIELDS.some((field) => field === name));
      for (const name of ['name', 'token'] as const) if (serviceAccount?.[name]) names.push(`serviceAccount.${name}`);
      for (const name of names) {
        yield withSetting(
          draft,
          path(draft, 'stores', name),
          'warning',
          'CloudNativePG’s operator makes the pods of PostgreSQL, and a Cluster has no such field: those pods go without.',
          'Narrow it to other pods, or patch the Cluster (docs/how-to/patches-and-extra-objects.md).',
        );
      }
    },
  },
  {
    id: 'pods-unused',
    severity: 'warning',
    summary: 'A block of pods that the environment does not have.',
    *check(draft) {
      const { stores, pods: blocks } = draft.settings;
      if (!blocks.stores || Object.values(stores).some(({ mode }) => mode !== 'external')) return;
      yield withSetting(
        draft,
        'pods.stores',
        'warning',
        'No store runs in the namespace, so this has no effect.',
        'Remove it.',
      );
    },
  },
  {
    id: 'pods-service-account',
    severity: 'error',
    summary: 'A ServiceAccount that is there already is to get annotations.',
    *check(draft) {
      for (const [group, { serviceAccount }] of Object.entries(draft.settings.pods)) {
        if (!serviceAccount?.name || !serviceAccount.annotations) continue;
        yield withSetting(
          draft,
          `pods.${group}.serviceAccount.annotations`,
          'error',
          'The ServiceAccount is somebody else’s object, and these annotations would reach nothing.',
          'Put them on that ServiceAccount, or leave its name out: one of the pods’ own is made then.',
        );
      }
    },
  },
  {
    id: 'pods-credential',
    severity: 'error',
    summary: 'A sidecar or a patch has a credential in environment.yaml, which is committed.',
    *check(draft) {
      for (const [group, { sidecars = [] }] of Object.entries(draft.settings.pods)) {
        for (const [index, sidecar] of sidecars.entries()) {
          if (textsOf(sidecar).some(holdsCredential)) yield credential(draft, `pods.${group}.sidecars.${index}`);
        }
      }
      for (const [index, patch] of draft.settings.patches.entries()) {
        if (textsOf(patch).some(holdsCredential)) yield credential(draft, `patches.${index}`);
      }
    },
  },
];

function credential(draft: Draft, path: string): Issue {
  return withSetting(
    draft,
    path,
    'error',
    'It holds a password, a token or a private key (it is not shown), and this file goes into git.',
    'Put the value into a Secret and name that: env: [{ name, valueFrom: { secretKeyRef: { name, key } } }].',
  );
}

/** The block that says it. */
function path(draft: Draft, group: 'stores', field: string): string {
  const [first] = field.split('.') as ['affinity'];
  return `pods.${draft.settings.pods[group]?.[first] === undefined ? 'all' : group}.${field}`;
}
