import type { Variable } from './variable';

/** What shapes the processes. Most of it is set by the image, its entrypoint or the manifests, and by nobody else. */
export const processes: readonly Variable[] = [
  {
    name: 'KEEP_ALIVE_TIMEOUT',
    group: 'process',
    secret: false,
    kind: 'integer',
    default: '75000',
    doc: 'Milliseconds an idle connection stays open; it has to outlast the proxy’s own.',
  },
  {
    name: 'NODE_OPTIONS',
    group: 'process',
    secret: false,
    doc: 'Options of both Node processes; the heap limit is added from the memory limit unless it is here.',
  },
  {
    name: 'NODE_EXTRA_CA_CERTS',
    group: 'process',
    secret: false,
    kind: 'path',
    doc: 'File with certificates of a private CA that Node trusts as well.',
  },
  {
    name: 'NODE_TLS_REJECT_UNAUTHORIZED',
    group: 'process',
    secret: false,
    oneOf: ['0', '1'],
    default: '1',
    doc: 'Whether Node verifies the certificates of what it connects to.',
    risk: {
      severity: 'warning',
      on: ['0'],
      harm: 'The server accepts any certificate, so whoever sits on the network can read database, mail and OAuth traffic.',
    },
  },
  {
    name: 'NEXT_PUBLIC_STACK_HEAD_TAGS',
    group: 'process',
    secret: false,
    kind: 'json',
    default: '[]',
    doc: 'Tags for the head of every dashboard page, as a JSON array.',
  },
  {
    name: 'NEXT_PUBLIC_STACK_EXTRA_REQUEST_HEADERS',
    group: 'process',
    secret: false,
    kind: 'json',
    doc: 'Headers the dashboard would add to its API requests.',
    inert: 'it is built into the browser’s code when the image is made',
  },
  ...owned('manifests', {
    STACK_RUN_MIGRATIONS: 'Whether the entrypoint migrates; the migration Job does it instead.',
    STACK_RUN_SEED_SCRIPT: 'Whether the entrypoint seeds; the migration Job does it instead.',
    STACK_SKIP_MIGRATIONS: 'Older spelling of the same switch for migrations.',
    STACK_SKIP_SEED_SCRIPT: 'Older spelling of the same switch for the seed.',
    STACK_RUNTIME_WORK_DIR: 'Directory the image copies itself to; a volume is mounted there.',
  }),
  ...owned('image', {
    NODE_ENV: 'Mode of both servers; anything but production adds random failures and mock paths.',
    BACKEND_PORT: 'Port of the API; Services, probes and policies count on 8102.',
    DASHBOARD_PORT: 'Port of the dashboard; Services, probes and policies count on 8101.',
  }),
  ...owned('entrypoint', {
    PORT: 'Port of one server process.',
    HOSTNAME: 'Address one server process listens on.',
    NEXT_PUBLIC_STACK_PORT_PREFIX: 'First digits of both ports; internal URLs are built from it.',
    NEXT_PUBLIC_BROWSER_STACK_API_URL: 'The API URL for browsers, always NEXT_PUBLIC_STACK_API_URL.',
    NEXT_PUBLIC_SERVER_STACK_API_URL: 'The API URL for the dashboard’s server, always inside the pod.',
    NEXT_PUBLIC_BROWSER_STACK_DASHBOARD_URL: 'The dashboard URL for browsers, always NEXT_PUBLIC_STACK_DASHBOARD_URL.',
    NEXT_PUBLIC_SERVER_STACK_DASHBOARD_URL: 'The dashboard URL for the server, always inside the pod.',
    NEXT_PUBLIC_STACK_PROJECT_ID: 'Project the dashboard signs in to, always internal.',
    USE_INLINE_ENV_VARS: 'Tells the dashboard that values were written into its pages.',
  }),
  ...owned(
    'entrypoint',
    {
      NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY: 'Copy of the seeded publishable client key.',
      STACK_SECRET_SERVER_KEY: 'Copy of the seeded secret server key.',
      STACK_SUPER_SECRET_ADMIN_KEY: 'Copy of the seeded super secret admin key.',
    },
    true,
  ),
  {
    name: 'MIGRATION_DATABASE_CONNECTION_STRING',
    group: 'migration',
    secret: true,
    kind: 'postgres-url',
    scope: 'migration',
    doc: 'Direct URL of the same database for the migration Job, past a connection pooler; a variable of these manifests, not of the server.',
    without: 'The Job uses STACK_DATABASE_CONNECTION_STRING.',
  },
];

function owned(owner: Variable['owner'], docs: Readonly<Record<string, string>>, secret = false): Variable[] {
  return Object.entries(docs).map(([name, doc]) => ({ name, group: 'process', secret, owner, doc }));
}
