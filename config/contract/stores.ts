import type { Variable } from './variable';

/** Secrets of the stores that run in the namespace. They are variables of these manifests, not of the server. */
export const stores: readonly Variable[] = [
  {
    name: 'POSTGRES_PASSWORD',
    group: 'stores',
    secret: true,
    when: 'stores.postgres.mode: bundled',
    doc: 'Password of the bundled PostgreSQL, set when its volume is empty; the server’s URL is made from it.',
    without: 'The database is not created, and the server has no URL for it.',
  },
];
