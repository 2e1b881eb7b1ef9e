import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../config/contract';
import { guideConfig, guideSecrets, madeUp } from '../support/cases';
import { type CommandRun, command, envFile, scratch, scratchWith } from '../support/cli';

const secretNames = contract.filter((variable) => variable.secret).map((variable) => variable.name);

describe('a canary in every secret variable', () => {
  it('is in no output of any command while the environment is full of errors', () => {
    const folder = scratch();
    // Wrong for most of the variables: no URL, no e-mail address, no JSON; with what makes the env file's reader speak up.
    const secrets = Object.fromEntries(secretNames.map((name) => [name, ` "${canary(name)}\${X}" # `]));
    const runs = everyCommand(folder, { ...guideConfig, ...secrets });
    expect(runs.map((run) => run.code)).toContain(1);
    expectSilence(runs, Object.keys(secrets));
  });

  it('is in no output and in no file but the Secret while the environment is valid', () => {
    const folder = scratch();
    const settable = contract.filter((item) => item.secret && !item.owner && !(item.name in guideSecrets));
    const secrets = Object.fromEntries(settable.map(({ name, kind }) => [name, valid(kind, canary(name))]));
    const backup = 'backup: { to: { bucket: acme-backups, region: eu-central-1 } }\n';
    const runs = everyCommand(folder, { ...guideConfig, ...COMPANIONS, ...guideSecrets, ...secrets }, backup);
    const dist = join(folder, 'dist', 'production');
    const files = readdirSync(dist).filter((file) => file !== '11-secret.k8s.yaml');
    const secret = readFileSync(join(dist, '11-secret.k8s.yaml'), 'utf8');
    const text = files.map((file) => readFileSync(join(dist, file), 'utf8')).join('');
    for (const value of [...Object.values(secrets), ...Object.values(guideSecrets)]) {
      const encoded = Buffer.from(value).toString('base64');
      expect(secret).toContain(encoded);
      expect(text).not.toContain(encoded);
      expect(text).not.toContain(value);
    }
    expect(text + secret).not.toContain('canary-');
    expectSilence(runs, Object.keys(secrets));
  });

  it('is in no output of the cdk8s app', () => {
    const folder = scratch();
    const secrets = Object.fromEntries(secretNames.map((name) => [name, canary(name)]));
    everyCommand(folder, { ...guideConfig, ...secrets });
    const run = command(folder, ['app'], { env: { CDK8S_OUTDIR: 'out' } });
    expect(run.code).toBe(1);
    expectSilence([run], secretNames);
  });
});

describe.each([
  ['environment.yaml', '', (value: string) => `env: { }\nlabels: { a: b }\nannotations:\n  cors: ${value}\n`],
  ['secrets.sealed.yaml', 'sealed-secrets', (value: string) => `CRON_SECRET:\n  label: ""\n  ciphertext: ${value}\n`],
  ['secrets.sops.yaml', 'sops', (value: string) => `kind: ${value}\ndata:\n  CRON_SECRET: ${value}\nsops: {}\n`],
])('a canary in %s that lacks its quotes', (file, mode, text) => {
  it.each(['*', '*.', '!', '| ', '&', '%', '@', '{{ '])(
    'is a finding of every command, and in no output: %s',
    (sign) => {
      const folder = scratchWith('production');
      const environment = join(folder, 'environments', 'production');
      const yaml = readFileSync(join(environment, 'environment.yaml'), 'utf8');
      const value = `${sign}${canary(file)}`;
      if (mode) {
        writeFileSync(join(environment, 'environment.yaml'), `${yaml}secrets: { mode: ${mode} }\n`);
        writeFileSync(join(environment, file), text(value));
      } else writeFileSync(join(environment, file), yaml + text(value));
      const check = command(folder, ['check', '--format', 'json']);
      // All read the files by the same function: one sign is enough for the others.
      const others = ['synth', 'rotate production CRON_SECRET', 'keys production', 'init production'];
      const runs = [check, ...(sign === '*' ? others : []).map((line) => command(folder, line.split(' ')))];
      expect(check).toMatchObject({ code: 1, stderr: '' });
      const found = JSON.parse(check.stdout).findings.find((item: { file: string }) => item.file.endsWith(file));
      expect(found).toMatchObject({ severity: 'error', line: expect.any(Number) });
      expect(runs[1]?.code ?? 1).toBe(1);
      for (const { stdout, stderr } of runs) {
        expect(stdout + stderr).not.toContain(canary(file));
        expect(stderr).not.toMatch(/^\s+at |Error:/m);
      }
    },
  );
});

describe('a canary in a variable whose name says nothing', () => {
  const lines = {
    OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer ${canary('otel')}`,
    SLACK_WEBHOOK_URL: `https://hooks.slack${'.com'}/services/T0/B0/${canary('slack')}`,
    SOMETHING_PEM: `-----BEGIN${' '}PRIVATE KEY-----${canary('pem')}`,
    SOMETHING: `-----BEGIN${' '}PRIVATE KEY-----${canary('key')}`,
    SOMETHING_ELSE: `https://user:${canary('url')}@acme.test/`,
  };
  const values = ['otel', 'slack', 'pem', 'key', 'url'].map(canary);

  it('goes into secrets.env when init takes it over, and is in no manifest but the Secret', () => {
    const folder = scratch();
    writeFileSync(join(folder, 'hexclave.env'), envFile({ ...guideConfig, ...guideSecrets, ...lines }));
    const runs = [['init', 'production', '--from', 'hexclave.env'], ['check'], ['synth']].map((args) =>
      command(folder, args),
    );
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    const read = (file: string) => readFileSync(join(folder, 'environments/production', file), 'utf8');
    const config = readFileSync(join(folder, 'dist/production/10-configuration.k8s.yaml'), 'utf8');
    for (const value of values) {
      expect(read('secrets.env')).toContain(value);
      for (const text of [read('config.env'), config, ...runs.map((run) => run.stdout + run.stderr)])
        expect(text).not.toContain(value);
    }
  });

  it('is an error in config.env, for that goes into git', () => {
    const folder = scratchWith('production');
    writeFileSync(join(folder, 'environments/production/config.env'), envFile({ ...guideConfig, ...lines }));
    const run = command(folder, ['check', '--format', 'json']);
    expect(run.code).toBe(1);
    const errors = JSON.parse(run.stdout).findings.filter(({ severity }: { severity: string }) => severity === 'error');
    expect(errors.map(({ field }: { field: string }) => field)).toEqual(Object.keys(lines));
    for (const value of values) expect(run.stdout).not.toContain(value);
  });
});

/** What the secrets need beside them. */
const COMPANIONS = {
  STACK_EMAIL_HOST: 'smtp.acme.test',
  STACK_EMAIL_PORT: '587',
  STACK_EMAIL_USERNAME: 'hexclave',
  STACK_EMAIL_SENDER: 'noreply@acme.test',
  STACK_QSTASH_URL: 'https://qstash.acme.test',
};

function valid(kind: string | undefined, text: string): string {
  if (kind === 'postgres-url') return `postgresql://hexclave:${text}@postgres.acme.test:5432/hexclave`;
  if (kind === 'url') return `https://acme.test/${text}`;
  if (kind === 'headers') return `authorization=${text}`;
  return kind === 'json' ? JSON.stringify([{ text }]) : text;
}

function canary(name: string): string {
  return `canary-${madeUp(name, 24)}`;
}

function everyCommand(folder: string, variables: Record<string, string>, yaml = ''): CommandRun[] {
  writeFileSync(join(folder, 'hexclave.env'), envFile(variables));
  const first = command(folder, ['init', 'production', '--from', 'hexclave.env']);
  if (yaml) appendFileSync(join(folder, 'environments/production/environment.yaml'), yaml);
  const rest = [
    ['init', 'production', '--from', 'hexclave.env'],
    ['check'],
    ['check', '--format', 'json'],
    ['synth'],
    ['synth', '--format', 'json'],
  ].map((args) => command(folder, args));
  return [first, ...rest];
}

function expectSilence(runs: readonly CommandRun[], names: readonly string[]): void {
  for (const { stdout, stderr } of runs) {
    for (const name of names) expect(stdout + stderr).not.toContain(canary(name));
    for (const value of Object.values(guideSecrets)) expect(stdout + stderr).not.toContain(value);
  }
}
