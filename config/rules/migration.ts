import type { Rule } from '../draft';
import { withSetting } from './read';

/** The migration Job. */
export const migration: readonly Rule[] = [
  {
    id: 'seed-left-out',
    severity: 'warning',
    summary: 'The migration Job leaves the seed out.',
    *check(draft) {
      if (draft.settings.migration.seed) return;
      yield withSetting(
        draft,
        'migration.seed',
        'warning',
        'The migration Job leaves the seed out: a new key of the internal project, a new dashboard URL or another setting of the seed does not reach the database. On a first install the Job ends with an error, for without the seed there is nothing to sign in to.',
        'Remove it with the next release whose seed works, and before any such value changes.',
      );
    },
  },
];
