import type { Variable } from './variable';

/** `POST /health/email`, which signs a user up and waits for the mail; no probe calls it. */
export const emailMonitor: readonly Variable[] = [
  {
    name: 'STACK_EMAIL_MONITOR_SECRET_TOKEN',
    group: 'email',
    secret: true,
    kind: 'token',
    doc: 'Bearer token of the e-mail monitor.',
    without: 'The e-mail monitor answers with an error.',
  },
  {
    name: 'STACK_EMAIL_MONITOR_PROJECT_ID',
    group: 'email',
    secret: false,
    kind: 'name',
    doc: 'Project in which the e-mail monitor signs up.',
  },
  {
    name: 'STACK_EMAIL_MONITOR_PUBLISHABLE_CLIENT_KEY',
    group: 'email',
    secret: true,
    kind: 'token',
    doc: 'Client key of that project.',
  },
  {
    name: 'STACK_EMAIL_MONITOR_VERIFICATION_CALLBACK_URL',
    group: 'email',
    secret: false,
    kind: 'url',
    doc: 'Callback of that project that the verification mail links to.',
  },
  {
    name: 'STACK_EMAIL_MONITOR_RESEND_EMAIL_API_KEY',
    group: 'email',
    secret: true,
    kind: 'token',
    doc: 'Resend key with which the e-mail monitor reads its mailbox.',
  },
  {
    name: 'STACK_EMAIL_MONITOR_RESEND_EMAIL_DOMAIN',
    group: 'email',
    secret: false,
    kind: 'host',
    doc: 'Domain that receives the monitor’s mail.',
  },
  {
    name: 'STACK_EMAIL_MONITOR_USE_INBUCKET',
    group: 'email',
    secret: false,
    kind: 'boolean',
    doc: 'Whether the monitor reads a local test mailbox.',
    risk: { severity: 'warning', on: ['true'], harm: 'The e-mail monitor refuses to run in production like this.' },
  },
  {
    name: 'STACK_EMAIL_MONITOR_INBUCKET_API_URL',
    group: 'email',
    secret: false,
    kind: 'url',
    doc: 'Address of that test mailbox.',
  },
];
