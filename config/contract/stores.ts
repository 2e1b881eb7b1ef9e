import type { Variable } from './variable';

/** Secrets of the stores that run in the namespace. They are variables of these manifests, not of the server. */
export const stores: readonly Variable[] = [
  {
    name: 'POSTGRES_PASSWORD',
    group: 'stores',
    secret: true,
    kind: 'password',
    when: 'stores.postgres.mode: bundled',
    doc: 'Password of the bundled PostgreSQL, set when its volume is empty; the server’s URL is made from it.',
    without: 'The database is not created, and the server has no URL for it.',
  },
  {
    name: 'SVIX_JWT_SECRET',
    group: 'stores',
    secret: true,
    kind: 'token',
    when: 'stores.webhooks.mode: svix',
    doc: 'What the bundled Svix signs and checks keys with; the server’s own key, STACK_SVIX_API_KEY, is made from it.',
    without: 'Svix does not start, and the server has no key for it.',
  },
  {
    name: 'SVIX_DATABASE_PASSWORD',
    group: 'stores',
    secret: true,
    kind: 'password',
    when: 'stores.webhooks.mode: svix',
    doc: 'Password of the role that the bundled Svix has on the bundled PostgreSQL; a new one is set when Svix starts.',
    without: 'Svix does not start.',
  },
];
