import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { guideConfig, guideSecrets, madeUp } from '../support/cases';
import { command, envFile, scratch } from '../support/cli';
import { kubectlIn } from '../support/kubectl-in';

const password = madeUp('backups');

/** A folder with an environment that has backups, and its manifests. */
function saved({ backup = 'backup: { to: { volume: { size: 5Gi } } }', synth = true } = {}): string {
  const folder = scratch();
  const environment = join(folder, 'environments', 'acme');
  mkdirSync(environment, { recursive: true });
  writeFileSync(
    join(environment, 'environment.yaml'),
    `image: { tag: 53c1c9e }\nedge: { tls: { external: true } }\n${backup}\n`,
  );
  writeFileSync(join(environment, 'config.env'), envFile(guideConfig));
  writeFileSync(join(environment, 'secrets.env'), envFile({ ...guideSecrets, BACKUP_PASSWORD: password }));
  if (synth) expect(command(folder, ['synth']).code).toBe(0);
  return folder;
}

describe('restore', () => {
  it('writes the Job alone, and prints what belongs before and after it', () => {
    const folder = saved();
    const { code, stdout } = command(folder, ['restore', 'acme', '--backup', '1a2b3c4d']);
    expect(code).toBe(0);
    const [job, ...others] = parseAllDocuments(readFileSync(join(folder, 'restore-acme.yaml'), 'utf8')).map((item) =>
      item.toJS(),
    );
    expect([job.kind, job.metadata.name, others]).toEqual(['Job', 'hexclave-restore', []]);
    const { env } = job.spec.template.spec.containers[0];
    expect(env).toEqual(
      expect.arrayContaining([
        { name: 'BACKUP', value: '1a2b3c4d' },
        { name: 'REPLACE', value: '' },
      ]),
    );
    expect(job.spec.backoffLimit).toBe(0);
    const commands = stdout.split('\n').filter((line) => line.startsWith('  kubectl '));
    expect(commands.map((line) => line.split(' ')[3])).toEqual(['apply', 'delete', 'delete', 'apply', 'logs', 'apply']);
    expect(commands[0]).toContain('dist/acme/00-namespace.k8s.yaml');
    expect(commands[0]).not.toContain('30-migration');
    expect(stdout + readFileSync(join(folder, 'restore-acme.yaml'), 'utf8')).not.toContain(password);
  });

  it('with --apply does the same steps in the same order', () => {
    const folder = saved();
    const printed = command(folder, ['restore', 'acme']).stdout;
    const { code, stdout } = command(folder, ['restore', 'acme', '--apply', '--context', 'eu'], {
      env: kubectlIn(folder, 'Complete'),
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('Restored')]);
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    expect(asked.every((line) => line.startsWith('--context eu '))).toBe(true);
    const steps = asked.map((line) => line.slice('--context eu '.length)).filter((line) => !line.startsWith('get job'));
    const lines = printed.split('\n').filter((line) => line.startsWith('  kubectl '));
    expect(steps).toEqual(lines.map((line) => line.slice('  kubectl '.length).replaceAll("'", '')));
  });

  it.each([
    [
      'the Job has failed',
      'Failed',
      'nothing',
      'the database is as it was',
      'apply --server-side --force-conflicts --filename dist/acme$',
    ],
    ['kubectl refuses', 'Complete', 'delete', 'kubectl ended with 7', 'restore-acme.yaml'],
  ])('does not go on when %s', (_, ended, failing, said, never) => {
    const folder = saved();
    const { code, stderr } = command(folder, ['restore', 'acme', '--apply'], {
      env: kubectlIn(folder, ended, failing),
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).not.toMatch(new RegExp(never, 'm'));
  });

  it.each([
    [['--replace', 'production'], 2, 'is not the name of the environment'],
    [['--backup', 'yesterday'], 2, 'is no name of a backup'],
    [['--backup', '$(rm -rf)'], 2, 'is no name of a backup'],
  ])('refuses %j, and writes nothing', (options, exit, said) => {
    const folder = saved();
    const { code, stderr } = command(folder, ['restore', 'acme', ...options]);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(said)]);
    expect(existsSync(join(folder, 'restore-acme.yaml'))).toBe(false);
  });

  it('refuses an environment without backups, and one whose manifests are not there', () => {
    const without = command(saved({ backup: '' }), ['restore', 'acme']);
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('acme has no backups')]);
    const early = command(saved({ synth: false }), ['restore', 'acme']);
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('npx cdk8s-hexclave synth acme')]);
  });
});

describe('keys --escrow', () => {
  it('names what is to be kept off the cluster, by fingerprints that change with the value, and shows none', () => {
    const folder = saved();
    const list = () => {
      const { code, stdout } = command(folder, ['keys', 'acme', '--escrow', '--format', 'json']);
      expect(code).toBe(0);
      for (const value of [...Object.values(guideSecrets), password]) expect(stdout).not.toContain(value);
      return new Map<string, string>(
        JSON.parse(stdout).escrow.map((item: { name: string; fingerprint: string }) => [item.name, item.fingerprint]),
      );
    };
    const before = list();
    expect([...before.keys()].slice(0, 2)).toEqual(['STACK_SERVER_SECRET', 'BACKUP_PASSWORD']);
    for (const mark of before.values()) expect(mark).toMatch(/^[0-9a-f]{32}$/);
    const secrets = { ...guideSecrets, BACKUP_PASSWORD: madeUp('another') };
    writeFileSync(join(folder, 'environments', 'acme', 'secrets.env'), envFile(secrets));
    const after = list();
    expect(after.get('BACKUP_PASSWORD')).not.toBe(before.get('BACKUP_PASSWORD'));
    expect(after.get('STACK_SERVER_SECRET')).toBe(before.get('STACK_SERVER_SECRET'));
    expect(command(folder, ['keys', 'acme', '--escrow']).stdout).toContain('no backup can be read');
  });
});
