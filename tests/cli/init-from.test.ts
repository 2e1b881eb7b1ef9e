import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guideConfig, guideSecrets, madeUp } from '../support/cases';
import { command, envFile, scratch } from '../support/cli';

describe('init --from the guide’s minimal env file', () => {
  const given = { ...guideConfig, ...guideSecrets };

  it('splits it into what is secret and what is not, with every value as it was', () => {
    const { config, secrets } = imported(envFile(given));
    expect(assignments(config)).toEqual(Object.entries(guideConfig).map(([name, value]) => `${name}=${value}`));
    expect(assignments(secrets)).toEqual(Object.entries(guideSecrets).map(([name, value]) => `${name}=${value}`));
  });

  it('makes an environment without errors that can be synthesized', () => {
    const { folder } = imported(envFile(given));
    const { code, stdout } = command(folder, ['check', 'production', '--format', 'json']);
    expect(JSON.parse(stdout).findings.filter((finding: { severity: string }) => finding.severity === 'error')).toEqual(
      [],
    );
    expect(code).toBe(0);
    expect(command(folder, ['synth', 'production'])).toMatchObject({ code: 0 });
  });

  it('leaves the file as it is and says that it still holds the secrets', () => {
    const { folder, run } = imported(envFile(given));
    expect(readFileSync(join(folder, 'hexclave.env'), 'utf8')).toBe(envFile(given));
    expect(run.stdout).toContain('hexclave.env is unchanged; it still holds every secret');
  });
});

describe('init --from a file that has grown over the years', () => {
  const long = madeUp('long-lived', 40);
  const text = [
    '\ufeff# Our installation\r',
    `NEXT_PUBLIC_STACK_API_URL=${guideConfig.NEXT_PUBLIC_STACK_API_URL}\r`,
    `STACK_DATABASE_CONNECTION_STRING=postgresql://u:${long}%2F@db:5432/x?sslmode=require&a=b=c\r`,
    'NODE_ENV=production',
    'STACK_RUN_MIGRATIONS=true',
    'PORT=3000',
    `NEXT_PUBLIC_STACK_PUBLISHABLE_CLIENT_KEY=${madeUp('derived')}`,
    `HEXCLAVE_SERVER_SECRET=${guideSecrets.STACK_SERVER_SECRET}`,
    `CRON_SECRET=${madeUp('old cron')}`,
    `STACK_EMAIL_PASSWORD="${long} with 'quotes' # and more"  `,
    'POSTGRES_USER=postgres',
    `POSTGRES_PASSWORD=${madeUp('postgres')}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's interpolation, which Docker leaves alone
    'STACK_S3_ENDPOINT=http://${MINIO_HOST}:9000',
    `STACK_CLICKHOUSE_URL=http://default:${long}@clickhouse:8123`,
    `CRON_SECRET=${madeUp('new cron')}`,
    `STACK_INTERNAL_PROJECT_SECRET_SERVER_KEY=${madeUp('server key')}`,
    `STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY=${madeUp('server key')}`,
    `STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY=${madeUp('one')}`,
    `STACK_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY=${madeUp('another')}`,
    'STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY=',
    `# STACK_OLD_PASSWORD=${madeUp('commented out')}`,
    'STACK_EMIAL_SENDER=a@acme.test',
    'HOME=/root',
    'LEASE_SECONDS=1',
    'PATH=/usr/local/bin:/usr/bin:/bin',
    '',
  ].join('\n');

  it('keeps values to the byte: quotes, blanks, equals signs, interpolation', () => {
    const { config, secrets } = imported(text);
    expect(secrets).toContain(`\nSTACK_EMAIL_PASSWORD="${long} with 'quotes' # and more"  \n`);
    expect(secrets).toContain(
      `\nSTACK_DATABASE_CONNECTION_STRING=postgresql://u:${long}%2F@db:5432/x?sslmode=require&a=b=c\n`,
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
    expect(config).toContain('\nSTACK_S3_ENDPOINT=http://${MINIO_HOST}:9000\n');
    expect(config + secrets).not.toMatch(/[\r\ufeff]/);
  });

  it('writes the contract’s names', () => {
    const { secrets, run } = imported(text);
    expect(secrets).toContain(`\nSTACK_SERVER_SECRET=${guideSecrets.STACK_SERVER_SECRET}\n`);
    expect(secrets).not.toContain('HEXCLAVE_SERVER_SECRET');
    expect(run.stderr).toMatch(/line +8 {2}HEXCLAVE_SERVER_SECRET {2}to secrets.env as STACK_SERVER_SECRET\n/);
  });

  it('leaves out what the image, the entrypoint and the manifests set, and says so with the line', () => {
    const { config, secrets, run } = imported(text);
    expect(config + secrets).not.toMatch(
      /NODE_ENV|RUN_MIGRATIONS|^PORT|^HOME|^LEASE|^PATH|NEXT_PUBLIC_STACK_PUBLISHABLE/m,
    );
    expect(run.stderr).toMatch(/line +4 {2}NODE_ENV {2}left out: the image sets it\n/);
    expect(run.stderr).toMatch(/line +5 {2}STACK_RUN_MIGRATIONS {2}left out: the manifests set it\n/);
    expect(run.stderr).toMatch(/line +6 {2}PORT {2}left out: the image’s entrypoint sets it\n/);
    expect(run.stderr).toMatch(/line +23 {2}HOME {2}left out: the manifests set it\n/);
    expect(run.stderr).toMatch(/line +24 {2}LEASE_SECONDS {2}left out: the manifests set it\n/);
    expect(run.stderr).toMatch(/line +25 {2}PATH {2}left out: the image sets it\n/);
  });

  it('takes the last of two lines, as Docker does', () => {
    const { secrets, run } = imported(text);
    expect(secrets.match(/^CRON_SECRET=.*$/gm)).toEqual([`CRON_SECRET=${madeUp('new cron')}`]);
    expect(run.stderr).toMatch(
      /line +9 {2}CRON_SECRET {2}left out: line 15 sets it again, and Docker takes the last\n/,
    );
  });

  it('merges two spellings with one value, and keeps two values for the user to choose', () => {
    const { folder, secrets, run } = imported(text);
    expect(secrets.match(/SECRET_SERVER_KEY=/g)).toHaveLength(1);
    expect(run.stderr).toMatch(/line +17 .*left out: line 16 says the same under another name\n/);
    expect(secrets.match(/PUBLISHABLE_CLIENT_KEY=/g)).toHaveLength(2);
    expect(run.stderr).toMatch(/line +18 .*line 19 sets the same variable to another value: keep one\n/);
    expect(command(folder, ['check']).stdout).toContain('[both-spellings]');
  });

  it('passes other programs’ variables on, secret ones as secrets, and warns', () => {
    const { config, secrets, run } = imported(text);
    expect(config).toContain('\nPOSTGRES_USER=postgres\n');
    expect(secrets).toContain(`\nPOSTGRES_PASSWORD=${madeUp('postgres')}\n`);
    expect(run.stderr).toMatch(/POSTGRES_USER {2}to config.env, though the server knows no such variable\n/);
    expect(run.stderr).toMatch(/STACK_EMIAL_SENDER .*did you mean STACK_EMAIL_SENDER\?\n/);
  });

  it('keeps a URL with a password out of the file for git', () => {
    const { config, secrets } = imported(text);
    expect(config).not.toContain(long);
    expect(secrets).toContain(`\nSTACK_CLICKHOUSE_URL=http://default:${long}@clickhouse:8123\n`);
  });

  it('makes required secrets that are missing or empty, and says so', () => {
    const { secrets, run } = imported(text);
    expect(secrets).toMatch(/^STACK_CLICKHOUSE_EXTERNAL_PASSWORD=[\w-]{43}$/m);
    expect(secrets.match(/^STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY=.*$/gm)).toEqual([
      expect.stringMatching(/=[0-9a-f]{64}$/),
    ]);
    expect(run.stderr).toMatch(/missing, so new in secrets.env: .*STACK_CLICKHOUSE_EXTERNAL_PASSWORD/);
    expect(run.stderr).toMatch(/SUPER_SECRET_ADMIN_KEY {2}was empty\n/);
  });

  it('copies no comment, for old passwords are kept in them', () => {
    const { config, secrets } = imported(text);
    expect(config + secrets).not.toContain(madeUp('commented out'));
  });

  it('reports what Docker reads differently than meant, and no value', () => {
    const { run } = imported(text);
    for (const rule of [
      'env-file-comment',
      'env-file-blanks',
      'env-file-interpolation',
      'env-file-crlf',
      'env-file-bom',
    ]) {
      expect(run.stderr).toContain(`[${rule}]`);
    }
    for (const value of [long, madeUp('old cron'), madeUp('one'), guideSecrets.STACK_SERVER_SECRET!]) {
      expect(run.stdout + run.stderr).not.toContain(value);
    }
  });
});

describe('init --from a file whose lines it cannot take', () => {
  it.each([
    ['export A=1\n', 'env-file-export'],
    ['A B=1\n', 'env-file-blank-in-name'],
    ['JUST_A_NAME\n', 'env-file-bare-name'],
    ['=1\n', 'env-file-no-name'],
  ])('shows the line and makes nothing: %j', (line, rule) => {
    const folder = scratch();
    writeFileSync(join(folder, 'hexclave.env'), envFile(guideConfig) + line);
    const run = command(folder, ['init', 'production', '--from', 'hexclave.env']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(`hexclave.env:${Object.keys(guideConfig).length + 1}`);
    expect(run.stderr).toContain(`[${rule}]`);
    expect(run.stderr).not.toContain('docker run refuses');
    expect(readdirSync(folder)).toEqual(['hexclave.env']);
  });
});

function imported(text: string) {
  const folder = scratch();
  writeFileSync(join(folder, 'hexclave.env'), text);
  const run = command(folder, ['init', 'production', '--from', 'hexclave.env']);
  expect(run.code).toBe(0);
  const read = (file: string) => readFileSync(join(folder, 'environments', 'production', file), 'utf8');
  return { folder, run, config: read('config.env'), secrets: read('secrets.env') };
}

function assignments(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
