import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { HARDENING } from '../../charts/pod';
import { guideSecrets } from '../support/cases';
import { command, scratchWith } from '../support/cli';
import { kubectlIn } from '../support/kubectl-in';

const EMAIL = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';
const PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';

/** A folder with an environment and its manifests. */
function synthesized(): string {
  const folder = scratchWith('acme');
  expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
  return folder;
}

/** Takes a line out of a file of the environment. */
function without(folder: string, file: string, name: string): void {
  const path = join(folder, 'environments', 'acme', file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(new RegExp(`^${name}=.*\n`, 'm'), ''));
}

const commandsIn = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('  kubectl '));

describe('admin reset', () => {
  it('writes a hardened Job that reads the Secret and holds no value of it, and prints what belongs around it', () => {
    const folder = synthesized();
    const { code, stdout } = command(folder, ['admin', 'reset', 'acme']);
    expect(code).toBe(0);
    const text = readFileSync(join(folder, 'admin-reset-acme.yaml'), 'utf8');
    const [job, ...others] = parseAllDocuments(text).map((item) => item.toJS());
    expect([job.kind, job.metadata.name, others]).toEqual(['Job', 'hexclave-admin-reset', []]);
    const { containers, automountServiceAccountToken } = job.spec.template.spec;
    expect(automountServiceAccountToken).toBe(false);
    expect(containers[0].securityContext).toEqual(HARDENING);
    // The policy of these pods leads to the server.
    expect(job.spec.template.metadata.labels['app.kubernetes.io/component']).toBe('maintenance');
    const from = new Map(
      containers[0].env.map((item: { name: string; valueFrom?: object }) => [item.name, item.valueFrom]),
    );
    expect(from.get(PASSWORD)).toEqual({ secretKeyRef: { name: 'hexclave-secrets', key: PASSWORD } });
    expect(from.get(EMAIL)).toEqual({ configMapKeyRef: { name: 'hexclave-config', key: EMAIL } });
    for (const value of Object.values(guideSecrets)) expect(text + stdout).not.toContain(value);
    const commands = commandsIn(stdout);
    expect(commands.map((line) => line.split(' ')[3])).toEqual(['apply', 'delete', 'apply', 'logs']);
    expect(commands[0]).toContain('dist/acme/11-secret.k8s.yaml');
    expect(commands[0]).not.toMatch(/dist\/acme\/[02-9]/);
  });

  it('with --apply does the same steps in the same order', () => {
    const folder = synthesized();
    const lines = commandsIn(command(folder, ['admin', 'reset', 'acme']).stdout);
    const { code, stdout } = command(folder, ['admin', 'reset', 'acme', '--apply', '--context', 'eu'], {
      env: kubectlIn(folder, 'Complete'),
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('Done')]);
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    const steps = asked.map((line) => line.slice('--context eu '.length)).filter((line) => !line.startsWith('get job'));
    expect(steps).toEqual(lines.map((line) => line.slice('  kubectl '.length)));
  });

  it.each([
    ['the Job has failed', 'Failed', 'nothing', 'The administrator was not let in'],
    ['kubectl refuses', 'Complete', 'delete', 'kubectl ended with 7'],
  ])('ends with an error when %s', (_, ended, failing, said) => {
    const folder = synthesized();
    const { code, stderr } = command(folder, ['admin', 'reset', 'acme', '--apply'], {
      env: kubectlIn(folder, ended, failing),
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
  });

  it.each([
    ['config.env', EMAIL],
    ['secrets.env', PASSWORD],
  ])('refuses an environment that names no administrator: %s without %s', (file, name) => {
    const folder = synthesized();
    without(folder, 'config.env', EMAIL);
    without(folder, 'secrets.env', PASSWORD);
    if (file === 'secrets.env') {
      writeFileSync(join(folder, 'environments', 'acme', 'config.env'), `${EMAIL}=admin@acme.test\n`, { flag: 'a' });
    }
    const { code, stderr } = command(folder, ['admin', 'reset', 'acme']);
    expect([code, stderr]).toEqual([1, expect.stringContaining(name)]);
    expect(existsSync(join(folder, 'admin-reset-acme.yaml'))).toBe(false);
  });

  it('refuses an environment whose manifests are not there', () => {
    const { code, stderr } = command(scratchWith('acme'), ['admin', 'reset', 'acme']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('npx cdk8s-hexclave synth acme')]);
  });
});
