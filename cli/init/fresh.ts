import { variable } from '../../config/contract';
import { CONFIG_HEADER, SECRETS_HEADER } from './files';
import { freshSecret } from './fresh-secret';

/** The env files of an environment that is all new, and which variables are left for the user to fill in. */
export interface FreshEnvFiles {
  readonly config: string;
  readonly secrets: string;
  readonly generated: readonly string[];
  readonly open: readonly string[];
}

/** Secrets are made, choices are made as a production installation needs them, and the rest is left empty. */
export function freshEnvFiles(): FreshEnvFiles {
  const generated: string[] = [];
  const open: string[] = [];
  const paragraph = ([name, value, remark]: Line): string => {
    const fresh = value ?? freshSecret(name);
    if (fresh === undefined) open.push(name);
    else if (value === undefined) generated.push(name);
    return `\n# ${variable(name)!.doc}\n${remark ? `# ${remark}\n` : ''}${name}=${fresh ?? ''}\n`;
  };
  const config = CONFIG_HEADER + CONFIG.map(paragraph).join('');
  const secrets = SECRETS_HEADER + SECRETS.map(paragraph).join('');
  return { config, secrets, generated, open };
}

/** A variable, its value unless it is made or left open, and what to add to what the contract says about it. */
type Line = readonly [name: string, value?: string, remark?: string];

const CONFIG: readonly Line[] = [
  ['NEXT_PUBLIC_STACK_API_URL', undefined, 'For example https://auth-api.example.com'],
  ['NEXT_PUBLIC_STACK_DASHBOARD_URL', undefined, 'For example https://auth.example.com'],
  ['STACK_CLICKHOUSE_URL', undefined, 'For example https://clickhouse.example.com:8443'],
  ['STACK_CLICKHOUSE_ADMIN_USER', 'stackframe'],
  ['STACK_CLICKHOUSE_DATABASE', 'default', 'Leave it so: the server looks for its views there.'],
  ['STACK_SEED_INTERNAL_PROJECT_USER_EMAIL', undefined, 'You sign in to the dashboard with it.'],
  ['STACK_SEED_INTERNAL_PROJECT_USER_INTERNAL_ACCESS', 'true'],
  ['STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED', 'false'],
  ['CI', 'true', 'No other switch stops the events: the API takes none for a key.'],
  ['NEXT_PUBLIC_POSTHOG_KEY', 'none', 'Browsers then send no recordings.'],
];

const SECRETS: readonly Line[] = [
  ['STACK_DATABASE_CONNECTION_STRING', undefined, 'For example postgresql://user:password@host:5432/database'],
  ['STACK_SERVER_SECRET'],
  ['CRON_SECRET'],
  ['STACK_CLICKHOUSE_ADMIN_PASSWORD', undefined, 'The user is STACK_CLICKHOUSE_ADMIN_USER in config.env.'],
  ['STACK_CLICKHOUSE_EXTERNAL_PASSWORD'],
  ['STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY'],
  ['STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY'],
  ['STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY'],
  [
    'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD',
    undefined,
    'The administrator is STACK_SEED_INTERNAL_PROJECT_USER_EMAIL in config.env.',
  ],
];
