import { contract } from '../contract';
import type { Draft, Rule } from '../draft';
import { absent, known, secretPlace, tagOf, withLine, withSetting, withVariable } from './read';

/** Stores that run in the namespace, and the variables they share with the server. */
export const stores: readonly Rule[] = [
  {
    id: 'store-evaluation',
    severity: 'warning',
    summary: 'A store runs in the namespace in a form that is for evaluation only.',
    *check(draft) {
      if (draft.settings.purpose === 'evaluation') return;
      for (const { setting, evaluation } of draft.provisions) {
        if (!evaluation) continue;
        yield withSetting(
          draft,
          setting,
          'warning',
          `${evaluation} A drained node is an outage.`,
          `Write purpose: evaluation if that is what this environment is; in production use an operator, or ${setting}: external.`,
        );
      }
    },
  },
  {
    id: 'store-sets-variable',
    severity: 'error',
    summary: 'A variable is written by hand although a store in the namespace sets it.',
    *check(draft) {
      for (const { setting, variables } of draft.provisions) {
        for (const [name, value] of Object.entries(variables)) {
          if (value === undefined) continue;
          yield* written(draft, name, value).map((item) =>
            withLine(
              item,
              'error',
              `With ${setting} ${modeOf(draft, setting)} the store in the namespace sets this variable, and to another value.`,
              `Remove it, or write ${setting}: external to use a store of yours.`,
            ),
          );
        }
      }
    },
  },
  {
    id: 'store-secret-missing',
    severity: 'error',
    summary: 'A store in the namespace has no password.',
    *check(draft) {
      for (const { setting, secrets } of draft.provisions) {
        for (const name of secrets) {
          // The server's own required variables are reported as such.
          if (contract.some((item) => item.name === name && item.required) || !absent(draft, name)) continue;
          yield withVariable(
            draft,
            name,
            'error',
            `With ${setting} ${modeOf(draft, setting)} the store needs this secret, and the server is told it too.`,
            remedy(draft),
          );
        }
      }
    },
  },
  {
    id: 'store-secret-elsewhere',
    severity: 'error',
    summary: 'The URL of a store in the namespace cannot be made, for its password is in a Secret that is not read.',
    *check(draft) {
      for (const { variables, secrets } of draft.provisions) {
        for (const [name, value] of Object.entries(variables)) {
          if (value !== undefined || !absent(draft, name)) continue;
          const elsewhere = secrets.find((secret) => draft.references.has(secret));
          if (!elsewhere) continue;
          yield withVariable(
            draft,
            elsewhere,
            'error',
            `${name} is made from this password when the manifests are written, and a value in a Secret cannot be read then.`,
            `Write the password into ${secretPlace(draft)}, or keep ${name} in that Secret too and name it under env.`,
          );
        }
      }
    },
  },
  {
    id: 'store-password-characters',
    severity: 'error',
    summary: 'The bundled PostgreSQL’s password holds a character that does not arrive the same everywhere.',
    *check(draft) {
      const value = known(draft, 'POSTGRES_PASSWORD');
      if (value === undefined || /^[\x20-\x7e]+$/.test(value)) return;
      yield withVariable(
        draft,
        'POSTGRES_PASSWORD',
        'error',
        'The password holds a character outside printable ASCII; PostgreSQL normalises those before it hashes, drivers do not, and the server would be refused.',
        'Use ASCII letters, digits and punctuation: openssl rand -hex 32',
      );
    },
  },
  {
    id: 'store-image-version',
    severity: 'error',
    summary: 'The image of PostgreSQL has another major version than the store.',
    *check(draft) {
      const { images, stores: settings } = draft.settings;
      const { postgres } = settings;
      const [, major] = /^(\d+)/.exec(tagOf(images.postgres ?? '') ?? '') ?? [];
      if (postgres.mode === 'external' || major === undefined || Number(major) === postgres.version) return;
      yield withSetting(
        draft,
        'images.postgres',
        'error',
        `The image is PostgreSQL ${major} and stores.postgres.version is ${postgres.version}; each major has a data directory of its own, and the pod would refuse to start.`,
        'Write the same major in both. To change it, dump and restore: docs/how-to/databases.md.',
      );
    },
  },
  {
    id: 'store-image-unused',
    severity: 'warning',
    summary: 'An image of a store that does not run in the namespace.',
    *check(draft) {
      const { images, stores: settings, backup } = draft.settings;
      if (images.postgres === undefined || settings.postgres.mode !== 'external' || backup) return;
      yield withSetting(
        draft,
        'images.postgres',
        'warning',
        'The image is only used when PostgreSQL runs in the namespace, and by backups.',
        'Remove it, or set stores.postgres.mode or backup.',
      );
    },
  },
  {
    id: 'store-variable-unused',
    severity: 'warning',
    summary: 'A variable of a store that does not run in the namespace.',
    *check(draft) {
      for (const { name, when, scope } of contract) {
        // Those of backups have a rule of their own.
        if (scope === 'backup') continue;
        const item = draft.values.get(name) ?? draft.references.get(name);
        if (!when || !item || draft.provisions.some(({ secrets }) => secrets.includes(name))) continue;
        if ('value' in item && item.value === '') continue;
        yield withLine(item, 'warning', `The variable is only used with ${when}.`, 'Remove it, or turn the store on.');
      }
    },
  },
];

/** The lines by which the user gives a variable another value than the store. */
function written(draft: Draft, name: string, value: unknown): Parameters<typeof withLine>[0][] {
  const reference = draft.references.get(name);
  const assignments = draft.assignments.filter(
    (item) => item.name === name && item.value !== '' && item.value !== value,
  );
  return reference && !reference.derived ? [...assignments, reference] : assignments;
}

/** How a password of a store comes to be. */
function remedy(draft: Draft): string {
  const { mode } = draft.settings.secrets;
  if (mode === 'existing' || mode === 'external-secrets') {
    return `Add it to ${secretPlace(draft)}, with what this prints: openssl rand -hex 32`;
  }
  const seal = mode === 'env-file' ? '' : ` && npx cdk8s-hexclave seal ${draft.name}`;
  return `Run: npx cdk8s-hexclave init ${draft.name}${seal}`;
}

function modeOf(draft: Draft, setting: string): string {
  return setting
    .split('.')
    .reduce((at: unknown, key) => (at as Record<string, unknown>)[key], draft.settings) as string;
}
