import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';

const names = (folder: string) =>
  JSON.parse(command(folder, ['check', '--format', 'json']).stdout).environments.map(
    ({ name }: { name: string }) => name,
  );

describe('the environments of a folder', () => {
  it('are also those behind a link, for every command that takes all', () => {
    const folder = scratchWith('production', 'staging');
    renameSync(join(folder, 'environments/staging'), join(folder, 'elsewhere'));
    symlinkSync('../elsewhere', join(folder, 'environments/staging'));
    expect(names(folder)).toEqual(['production', 'staging']);
    expect(command(folder, ['synth'])).toMatchObject({ code: 0, stdout: expect.stringContaining('staging: ') });
    expect(existsSync(join(folder, 'dist/staging/40-server.k8s.yaml'))).toBe(true);
  });

  it('are not what stands beside them: files, other folders, links to files, and what tools hide', () => {
    const folder = scratchWith('production');
    const environments = join(folder, 'environments');
    writeFileSync(join(environments, 'README.md'), '');
    symlinkSync('README.md', join(environments, 'LIESMICH.md'));
    mkdirSync(join(environments, 'shared'));
    cpSync(join(environments, 'production'), join(environments, '.init-abc'), { recursive: true });
    symlinkSync('nowhere', join(environments, '.#production'));
    expect(names(folder)).toEqual(['production']);
    expect(command(folder, ['check']).code).toBe(0);
  });

  it('are not left out in silence where a link leads nowhere', () => {
    const folder = scratchWith('production');
    symlinkSync('/nowhere/staging', join(folder, 'environments/staging'));
    const run = command(folder, ['check']);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^error {4}environments\/staging\/environment\.yaml .* is a link to what is not there\./m,
    );
    expect(command(folder, ['synth'])).toMatchObject({ code: 1, stdout: '' });
  });

  it('are not left out in silence where nobody may look', () => {
    const folder = scratchWith('production', 'staging');
    chmodSync(join(folder, 'environments/production/secrets.env'), 0o644);
    chmodSync(join(folder, 'environments/staging'), 0);
    const run = command(folder, ['check'], { unprivileged: true });
    chmodSync(join(folder, 'environments/staging'), 0o755);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toMatch(/^error {4}environments\/staging\/environment\.yaml .*no permission/m);
  });

  it('say so when secrets.env is a link to a vault that is not mounted', () => {
    const folder = scratchWith('production');
    rmSync(join(folder, 'environments/production/secrets.env'));
    symlinkSync('/nowhere/secrets.env', join(folder, 'environments/production/secrets.env'));
    const run = command(folder, ['check']);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/secrets\.env {2}The file or its folder is a link to what is not there\.\n.*mount/);
  });
});
