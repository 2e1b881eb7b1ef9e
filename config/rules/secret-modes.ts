import { variable } from '../contract';
import type { Draft, Rule } from '../draft';
import { printable } from '../env-file-findings';
import type { Place } from '../finding';
import { holdsCredential } from '../secrets/credential';
import { namespaceOf, sealingLabel, secretOf } from '../secrets/names';
import { remoteRef } from '../secrets/remote';
import { secretPlace, withSetting } from './read';

/** Secrets whose values are not in the files: what they may hold, and whether the cluster can make something of it. */
export const secretModes: readonly Rule[] = [
  {
    id: 'secret-held-twice',
    summary: 'A variable is set in a file, or taken from another Secret, and is in the environment’s Secret as well.',
    *check(draft) {
      for (const [name, place] of draft.held ?? []) {
        const other = draft.references.get(name) ?? draft.values.get(name);
        if (!other || ('value' in other && other.value === '')) continue;
        yield {
          ...at(place),
          field: printable(name),
          severity: 'error',
          message: `The variable is set in ${other.file}:${other.line} too, and only one of the two can win.`,
          fix: 'Keep the one that is right.',
        };
      }
    },
  },
  {
    id: 'secret-not-for-secrets',
    summary: 'A variable in the environment’s Secret that the manifests have to know, or that is set by others.',
    *check(draft) {
      for (const [name, place] of inSecret(draft)) {
        const about = variable(name);
        const field = printable(name);
        if (about?.owner) {
          const message = 'The image, its entrypoint or the manifests set this variable themselves.';
          yield { ...at(place), field, severity: 'error', message, fix: 'Take it out.' };
        } else if (about?.template) {
          const message =
            'Old and new pods would share the value, and images of one generation do not start with the other’s.';
          yield { ...at(place), field, severity: 'error', message, fix: 'Write it into config.env; it is no secret.' };
        } else if (about && !about.secret && !holdsCredential(draft.values.get(name)?.value ?? '')) {
          const message =
            'The value is no secret, and where it is only known to the cluster it cannot be checked, nor can a host or port in it be allowed for.';
          yield { ...at(place), field, severity: 'warning', message, fix: 'Write it into config.env.' };
        }
      }
    },
  },
  {
    id: 'sealed-for-elsewhere',
    summary: 'A value is sealed for another namespace, name or scope, where alone the controller would open it.',
    *check(draft) {
      const { secrets } = draft.settings;
      if (secrets.mode !== 'sealed-secrets') return;
      for (const [name, { label, file, line }] of draft.sealed ?? []) {
        const expected = sealingLabel(secrets.scope, namespaceOf(draft.name, draft.settings), secretOf(name));
        if (!draft.held?.has(name) || label === expected) continue;
        yield {
          file,
          line,
          field: printable(name),
          severity: 'error',
          message: `The value is sealed for ${where(label)}, and these manifests are for ${where(expected)}: the controller could not open it.`,
          fix: `Give the value in ${secretPlace(draft)}.`,
        };
      }
    },
  },
  {
    id: 'external-place-missing',
    summary: 'Nothing says where in the store a variable is.',
    *check(draft) {
      const { secrets } = draft.settings;
      if (secrets.mode !== 'external-secrets') return;
      const missing = [...(draft.held?.keys() ?? [])].filter((name) => !remoteRef(secrets, name));
      if (missing.length === 0) return;
      yield withSetting(
        draft,
        'secrets.from',
        'error',
        `Nothing says where in the store these are: ${missing.join(', ')}.`,
        'Add secrets.from with { key } or { prefix }, or name each under secrets.remoteRefs.',
      );
    },
  },
  {
    id: 'external-periodic',
    summary: 'The Secret follows the store at any time, and running pods do not.',
    *check(draft) {
      const { secrets } = draft.settings;
      if (secrets.mode !== 'external-secrets' || secrets.refreshPolicy !== 'Periodic' || secrets.reloader) return;
      yield withSetting(
        draft,
        'secrets.refreshPolicy',
        'warning',
        'After a change in the store a pod that restarts for whatever reason has the new value and the others the old one.',
        'Use OnChange and a new revision for a change, or install Reloader and set secrets.reloader.',
      );
    },
  },
];

/** What is in the Secret, or about to be sealed into it. */
function* inSecret(draft: Draft): Iterable<[string, Place]> {
  yield* draft.held ?? [];
  if (!draft.sealing) return;
  for (const item of draft.values.values()) {
    if (item.source === 'secrets.env' && item.value !== '') yield [item.name, item];
  }
}

function at({ file, line }: Place): Place {
  return { file, line };
}

function where(label: string): string {
  if (label === '') return 'the whole cluster';
  const [namespace, secret] = label.split('/');
  return secret === undefined ? `any name in the namespace ${namespace}` : `the Secret ${secret} in ${namespace}`;
}
