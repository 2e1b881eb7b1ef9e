import { ownerOf, variable } from '../contract';
import type { Draft, Rule } from '../draft';
import { portVariables } from '../endpoints';
import { printable } from '../env-file-findings';
import type { Place } from '../finding';
import { holdsCredential } from '../secrets/credential';
import { namespaceOf, sealingLabel, secretOf } from '../secrets/names';
import { remoteRef } from '../secrets/remote';
import { secretPlace, withSetting, withVariable } from './read';

/** Secrets whose values are not in the files: what they may hold, and whether the cluster can make something of it. */
export const secretModes: readonly Rule[] = [
  {
    id: 'secret-held-twice',
    severity: 'error',
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
    severity: 'depends',
    summary: 'A variable in the environment’s Secret that the manifests have to know, or that is set by others.',
    *check(draft) {
      for (const [name, place] of inSecret(draft)) {
        const about = variable(name);
        const field = printable(name);
        if (ownerOf(name, draft.settings)) {
          const message = 'The image, its entrypoint or the manifests set this variable themselves.';
          yield { ...at(place), field, severity: 'error', message, fix: 'Take it out.' };
        } else if (about?.template) {
          const message =
            'Old and new pods would share the value, and images of one generation do not start with the other’s.';
          yield { ...at(place), field, severity: 'error', message, fix: 'Write it into config.env; it is no secret.' };
        } else if (
          about &&
          !about.secret &&
          !unreadPorts(draft).includes(name) &&
          !holdsCredential(draft.values.get(name)?.value ?? '')
        ) {
          const message =
            'The value is no secret, and where it is only known to the cluster it cannot be checked, nor can a host or port in it be allowed for.';
          yield { ...at(place), field, severity: 'warning', message, fix: 'Write it into config.env.' };
        }
      }
    },
  },
  {
    id: 'port-in-secret',
    severity: 'depends',
    summary: 'The port of a service is in a Secret that is not read, so no network policy opens it.',
    *check(draft) {
      for (const name of unreadPorts(draft)) {
        const required = variable(name)?.required === true;
        yield withVariable(
          draft,
          name,
          required ? 'error' : 'warning',
          required
            ? 'The value is in a Secret that is not read here, so no network policy opens the port in it, and the migration Job would fail.'
            : 'The value is in a Secret that is not read here, so no network policy opens the port in it; the server gets through to 443 of public addresses alone.',
          'Write it into config.env and leave only user and password in the Secret, or write network.egress: [{ port: <its port>, cidr: <its addresses> }].',
        );
      }
    },
  },
  {
    id: 'sealed-for-elsewhere',
    severity: 'error',
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
    severity: 'error',
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
    severity: 'warning',
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

/** Variables whose port the network policies would have to know, in a Secret; unless the user has opened ports by hand. */
function unreadPorts(draft: Draft): string[] {
  const callers = ['server', 'migration'] as const;
  if (draft.settings.network.egress.some(({ pods }) => !pods || callers.some((one) => pods.includes(one)))) return [];
  const unread = new Set([...draft.references.keys(), ...[...inSecret(draft)].map(([name]) => name)]);
  return portVariables(draft).filter((name) => unread.has(name));
}

function at({ file, line }: Place): Place {
  return { file, line };
}

function where(label: string): string {
  if (label === '') return 'the whole cluster';
  const [namespace, secret] = label.split('/');
  return secret === undefined ? `any name in the namespace ${namespace}` : `the Secret ${secret} in ${namespace}`;
}
