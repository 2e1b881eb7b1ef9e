import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '../../config/contract';
import { guideConfig, guideSecrets, madeUp } from '../support/cases';
import { type CommandRun, command, envFile, scratch } from '../support/cli';

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
    const runs = everyCommand(folder, { ...guideConfig, ...COMPANIONS, ...guideSecrets, ...secrets });
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
  return kind === 'json' ? JSON.stringify([{ text }]) : text;
}

function canary(name: string): string {
  return `canary-${madeUp(name, 24)}`;
}

function everyCommand(folder: string, variables: Record<string, string>): CommandRun[] {
  writeFileSync(join(folder, 'hexclave.env'), envFile(variables));
  return [
    ['init', 'production', '--from', 'hexclave.env'],
    ['init', 'production', '--from', 'hexclave.env'],
    ['check'],
    ['check', '--format', 'json'],
    ['synth'],
    ['synth', '--format', 'json'],
  ].map((args) => command(folder, args));
}

function expectSilence(runs: readonly CommandRun[], names: readonly string[]): void {
  for (const { stdout, stderr } of runs) {
    for (const name of names) expect(stdout + stderr).not.toContain(canary(name));
    for (const value of Object.values(guideSecrets)) expect(stdout + stderr).not.toContain(value);
  }
}
