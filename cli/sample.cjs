// The environment file of a made-up installation, for warming up the bundle and for the bench. Its secrets are made
// anew each time and guard nothing.
'use strict';
const { randomBytes } = require('node:crypto');

exports.sampleEnvFile = () => `NEXT_PUBLIC_STACK_API_URL=https://auth-api.sample.test
NEXT_PUBLIC_STACK_DASHBOARD_URL=https://auth.sample.test
CI=true
NEXT_PUBLIC_POSTHOG_KEY=none
STACK_DATABASE_CONNECTION_STRING=postgresql://hexclave:${hex(24)}@postgres.sample.test:5432/hexclave
STACK_SERVER_SECRET=${randomBytes(32).toString('base64url')}
CRON_SECRET=${hex(32)}
STACK_CLICKHOUSE_URL=https://clickhouse.sample.test:8443
STACK_CLICKHOUSE_DATABASE=default
STACK_CLICKHOUSE_ADMIN_USER=hexclave
STACK_CLICKHOUSE_ADMIN_PASSWORD=${hex(24)}
STACK_CLICKHOUSE_EXTERNAL_PASSWORD=${hex(24)}
STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY=${hex(32)}
STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY=${hex(32)}
STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY=${hex(32)}
STACK_SEED_INTERNAL_PROJECT_USER_EMAIL=admin@sample.test
STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD=${hex(16)}
STACK_SEED_INTERNAL_PROJECT_USER_INTERNAL_ACCESS=true
STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED=false
`;

function hex(bytes) {
  return randomBytes(bytes).toString('hex');
}
