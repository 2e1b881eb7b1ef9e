import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { command, contents, edit, scratchWith } from '../support/cli';

describe('synth', () => {
  it('writes one folder an environment, and says how much', () => {
    const folder = scratchWith('production', 'staging');
    const run = command(folder, ['synth']);
    expect(run.code).toBe(0);
    expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['production', 'staging']);
    const files = readdirSync(join(folder, 'dist', 'production'));
    const objects = files.flatMap((file) =>
      parseAllDocuments(readFileSync(join(folder, 'dist', 'production', file), 'utf8')),
    );
    expect(run.stdout).toMatch(
      new RegExp(`^production: ${objects.length} objects in ${files.length} files in dist/production$`, 'm'),
    );
    expect(run.stderr).toMatch(/^warning /m);
  });

  it('writes the environments of the names only', () => {
    const folder = scratchWith('production', 'staging');
    expect(command(folder, ['synth', 'staging'])).toMatchObject({ code: 0 });
    expect(readdirSync(join(folder, 'dist'))).toEqual(['staging']);
  });

  it('keeps what is secret for the owner alone', () => {
    const folder = scratchWith('production');
    command(folder, ['synth']);
    const dist = join(folder, 'dist', 'production');
    for (const file of readdirSync(dist)) {
      const secret = readFileSync(join(dist, file), 'utf8').includes('kind: Secret\n');
      expect([file, statSync(join(dist, file)).mode & 0o777]).toEqual([file, secret ? 0o600 : 0o644]);
    }
    expect(readdirSync(dist)).toContain('11-secret.k8s.yaml');
  });

  it('gives the same bytes again, with and without the options spelled out', () => {
    const folder = scratchWith('production');
    command(folder, ['synth']);
    const first = contents(join(folder, 'dist', 'production'));
    command(folder, ['synth', '--output', 'again', 'production']);
    expect(contents(join(folder, 'again', 'production'))).toEqual(first);
  });

  it('reports in JSON for programs', () => {
    const folder = scratchWith('production');
    const run = command(folder, ['synth', '--format', 'json']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const { findings, written } = JSON.parse(run.stdout);
    expect(findings.length).toBeGreaterThan(0);
    expect(written).toEqual([
      { environment: 'production', folder: 'dist/production', files: expect.any(Number), objects: expect.any(Number) },
    ]);
  });
});

describe('synth with an error in one environment', () => {
  it('touches nothing, of no environment, and says so', () => {
    const folder = scratchWith('production', 'staging');
    command(folder, ['synth']);
    const before = [contents(join(folder, 'dist', 'production')), contents(join(folder, 'dist', 'staging'))];
    edit(
      folder,
      'production',
      /^NEXT_PUBLIC_STACK_DASHBOARD_URL=.*/m,
      'NEXT_PUBLIC_STACK_DASHBOARD_URL=https://new.acme.test',
    );
    edit(folder, 'staging', /^NEXT_PUBLIC_STACK_DASHBOARD_URL=.*/m, '');
    const run = command(folder, ['synth']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^error {4}environments\/staging/m);
    expect(run.stderr).toContain('Nothing was written');
    expect([contents(join(folder, 'dist', 'production')), contents(join(folder, 'dist', 'staging'))]).toEqual(before);
    expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['production', 'staging']);
  });

  it('makes no output folder', () => {
    const folder = scratchWith('production');
    edit(folder, 'production', /^STACK_CLICKHOUSE_URL=.*/m, '');
    const run = command(folder, ['synth', '--format', 'json']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout).written).toEqual([]);
    expect(existsSync(join(folder, 'dist'))).toBe(false);
  });
});
