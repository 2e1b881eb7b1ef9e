import type { Changes } from '../../support/draft';

/** Drafts that a rule has to find, and near misses that it must not. */
export interface Case {
  readonly trips: readonly Changes[];
  readonly spares: readonly Changes[];
}

/** An existing Secret holds the secrets, so their values are unknown. */
export const EXISTING = { secrets: { mode: 'existing', name: 'hexclave-credentials' } };

/** The reference of one variable to a key elsewhere. */
export const ELSEWHERE = { secret: 'database-app', key: 'uri' };

/** E-mail as it is meant to be, less the renderers. */
export const MAIL = {
  STACK_EMAIL_HOST: 'smtp.acme.dev',
  STACK_EMAIL_PORT: '587',
  STACK_EMAIL_USERNAME: 'postmaster',
  STACK_EMAIL_SENDER: 'noreply@acme.dev',
};
