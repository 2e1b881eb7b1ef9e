import type { Store } from './store';

/** Mailpit in the namespace: what both its pod and its clients have to know. */
export const MAILPIT = { name: 'hexclave-mailpit', port: 1025, user: 'hexclave' } as const;

export const MAILPIT_EVALUATION = 'Mailpit keeps e-mail until its pod restarts and delivers none.';

export const mailpit: Store = ({ stores }) => {
  if (stores.email.mode !== 'mailpit') return undefined;
  const { name, port, user } = MAILPIT;
  return {
    setting: 'stores.email.mode',
    variables: {
      STACK_EMAIL_HOST: name,
      STACK_EMAIL_PORT: String(port),
      STACK_EMAIL_USERNAME: user,
      STACK_EMAIL_SENDER: 'hexclave@mailpit.test',
    },
    secrets: ['STACK_EMAIL_PASSWORD'],
    evaluation: MAILPIT_EVALUATION,
  };
};
