import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, contents, edit, giveToUnprivileged, scratchWith } from '../support/cli';

describe('synth with one output folder that cannot be replaced', () => {
  it.each([
    ['a file is in the way', (dist: string) => writeFileSync(join(dist, 'c'), 'mine'), 'dist/c is a file'],
    ['two lead to one', (dist: string) => symlinkSync('b', join(dist, 'c')), 'dist/b and dist/c are the same folder'],
    [
      'one leads to where nothing may be written',
      (dist: string) => {
        mkdirSync(join(dist, '..', 'closed', 'c'), { recursive: true });
        chmodSync(join(dist, '..', 'closed'), 0o555);
        symlinkSync('../closed/c', join(dist, 'c'));
      },
      'no permission',
    ],
  ])('changes none, and tells programs so: %s', (_, spoil, complaint) => {
    const folder = scratchWith('a', 'b');
    command(folder, ['synth']);
    const dist = join(folder, 'dist');
    const before = ['a', 'b'].map((name) => contents(join(dist, name)));
    cpSync(join(folder, 'environments', 'a'), join(folder, 'environments', 'c'), { recursive: true });
    edit(folder, 'a', /^NEXT_PUBLIC_STACK_DASHBOARD_URL=.*/m, 'NEXT_PUBLIC_STACK_DASHBOARD_URL=https://new.acme.test');
    spoil(dist);
    for (const file of readdirSync(join(folder, 'environments'))) {
      chmodSync(join(folder, 'environments', file, 'secrets.env'), 0o644);
    }
    giveToUnprivileged(dist);
    const run = command(folder, ['synth', '--format', 'json'], { unprivileged: true });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(complaint);
    expect(JSON.parse(run.stdout).written).toEqual([]);
    expect(['a', 'b'].map((name) => contents(join(dist, name)))).toEqual(before);
    expect(readdirSync(dist)).toEqual(['a', 'b', 'c']);
  });

  it('puts back those that were replaced when a later one cannot be', () => {
    const folder = scratchWith('a', 'b');
    command(folder, ['synth']);
    const dist = join(folder, 'dist');
    writeFileSync(join(dist, 'a', 'kustomization.yaml'), 'mine');
    const before = ['a', 'b'].map((name) => contents(join(dist, name)));
    for (const name of ['a', 'b'])
      edit(
        folder,
        name,
        /^NEXT_PUBLIC_STACK_DASHBOARD_URL=.*/m,
        'NEXT_PUBLIC_STACK_DASHBOARD_URL=https://new.acme.test',
      );
    // Not even root can rename over it, and it is no folder that an earlier run has left.
    symlinkSync('nowhere', join(dist, '.b.old'));
    const run = command(folder, ['synth']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(['a', 'b'].map((name) => contents(join(dist, name)))).toEqual(before);
  });
});

describe('what is in the output folder', () => {
  it('is left as it is when it says the same already, and made anew otherwise', () => {
    const folder = scratchWith('a', 'b');
    command(folder, ['synth']);
    const dist = (name: string) => join(folder, 'dist', name);
    const made = (name: string) => statSync(dist(name)).ino;
    const secret = join(dist('a'), '11-secret.k8s.yaml');
    const spoilt: Record<string, () => void> = {
      'a file is other': () => writeFileSync(join(dist('a'), '10-configuration.k8s.yaml'), 'other'),
      'a file is missing': () => rmSync(join(dist('a'), '10-configuration.k8s.yaml')),
      'a file is too many': () => writeFileSync(join(dist('a'), '13-migration-secret-source.k8s.yaml'), ''),
      'a file is a link': () => {
        renameSync(secret, join(folder, 'elsewhere'));
        symlinkSync(join(folder, 'elsewhere'), secret);
      },
      'others may read the secrets': () => chmodSync(secret, 0o644),
    };
    const before = contents(dist('a'));
    for (const [what, spoil] of Object.entries(spoilt)) {
      const [a, b] = [made('a'), made('b')];
      spoil();
      expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
      expect([made('a') === a, made('b') === b], what).toEqual([false, true]);
      expect(contents(dist('a')), what).toEqual(before);
      expect(lstatSync(secret).mode & 0o777, what).toBe(0o600);
    }
  });

  it('stays when it is not ours, and goes when it was', () => {
    const folder = scratchWith('production');
    command(folder, ['synth']);
    const dist = join(folder, 'dist', 'production');
    writeFileSync(join(dist, 'kustomization.yaml'), 'mine');
    mkdirSync(join(dist, 'patches'));
    writeFileSync(join(dist, 'patches', '10-own.k8s.yaml'), 'mine too');
    symlinkSync('kustomization.yaml', join(dist, 'link'));
    writeFileSync(join(dist, '99-extra.k8s.yaml'), 'mine, whatever it is called');
    const before = readdirSync(dist);
    writeFileSync(join(dist, '13-migration-secret-source.k8s.yaml'), 'of another secrets.mode');
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    expect(readdirSync(dist).sort()).toEqual(before.sort());
    expect(readFileSync(join(dist, 'kustomization.yaml'), 'utf8')).toBe('mine');
    expect(readFileSync(join(dist, 'patches', '10-own.k8s.yaml'), 'utf8')).toBe('mine too');
    expect(readlinkSync(join(dist, 'link'))).toBe('kustomization.yaml');
    expect(readdirSync(join(folder, 'dist'))).toEqual(['production']);
  });

  it('comes back whole when an earlier run was killed between its two renames', () => {
    const folder = scratchWith('production');
    command(folder, ['synth']);
    const [dist, old] = [join(folder, 'dist', 'production'), join(folder, 'dist', '.production.old')];
    writeFileSync(join(dist, 'kustomization.yaml'), 'mine');
    renameSync(dist, old);
    mkdirSync(join(folder, 'dist', '.production.new-123-aB3x9Z'));
    writeFileSync(join(folder, 'dist', '.production.new-123-aB3x9Z', '00-half.k8s.yaml'), '');
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(dist, 'kustomization.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(dist, '00-half.k8s.yaml'))).toBe(false);
    expect(readdirSync(join(folder, 'dist'))).toEqual(['production']);
  });

  it('comes back whole when an earlier run was killed before it had moved the user’s files', () => {
    const folder = scratchWith('production');
    command(folder, ['synth']);
    const old = join(folder, 'dist', '.production.old');
    mkdirSync(old);
    writeFileSync(join(old, '00-namespace.k8s.yaml'), 'old');
    writeFileSync(join(old, 'kustomization.yaml'), 'mine');
    const before = contents(join(folder, 'dist', 'production'));
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    expect(contents(join(folder, 'dist', 'production'))).toEqual({ ...before, 'kustomization.yaml': 'mine' });
    expect(readdirSync(join(folder, 'dist'))).toEqual(['production']);
  });

  it('leaves folders of the user beside it alone', () => {
    const folder = scratchWith('production');
    for (const name of ['.production.new', '.production.new-backup', '.production.newer']) {
      mkdirSync(join(folder, 'dist', name), { recursive: true });
    }
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    expect(readdirSync(join(folder, 'dist')).sort()).toEqual([
      ...['.production.new', '.production.new-backup', '.production.newer', 'production'],
    ]);
  });

  it('loses neither of two files of the user when an earlier run was killed and both cannot stay', () => {
    const folder = scratchWith('production');
    command(folder, ['synth']);
    const [dist, old] = [join(folder, 'dist', 'production'), join(folder, 'dist', '.production.old')];
    mkdirSync(old);
    writeFileSync(join(old, 'kustomization.yaml'), 'mine');
    writeFileSync(join(dist, 'kustomization.yaml'), 'mine as well');
    const run = command(folder, ['synth']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'dist/.production.old/kustomization.yaml and dist/production/kustomization.yaml are both',
    );
    expect(readFileSync(join(old, 'kustomization.yaml'), 'utf8')).toBe('mine');
    expect(readFileSync(join(dist, 'kustomization.yaml'), 'utf8')).toBe('mine as well');
  });

  it('may be a link to another repository, which stays one', () => {
    const folder = scratchWith('production');
    mkdirSync(join(folder, 'gitops'));
    mkdirSync(join(folder, 'dist'));
    symlinkSync('../gitops', join(folder, 'dist', 'production'));
    expect(command(folder, ['synth'])).toMatchObject({ code: 0 });
    expect(readlinkSync(join(folder, 'dist', 'production'))).toBe('../gitops');
    expect(readdirSync(join(folder, 'gitops'))).toContain('40-server.k8s.yaml');
  });

  it('stays as it was when the new manifests cannot be written', () => {
    const folder = scratchWith('production');
    command(folder, ['synth']);
    const before = contents(join(folder, 'dist', 'production'));
    chmodSync(join(folder, 'environments', 'production', 'secrets.env'), 0o644);
    chmodSync(join(folder, 'dist'), 0o555);
    const run = command(folder, ['synth'], { unprivileged: true });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^error {2}dist\/.*: no permission$/m);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(contents(join(folder, 'dist', 'production'))).toEqual(before);
  });

  it.each([
    ['dist', 'dist'],
    ['the folder of the environment', join('dist', 'production')],
  ])('is left alone when a file is in the way: %s', (_, path) => {
    const folder = scratchWith('production');
    if (path !== 'dist') mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, path), 'mine');
    const run = command(folder, ['synth']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(readFileSync(join(folder, path), 'utf8')).toBe('mine');
  });
});

describe('an output folder that would mix things up', () => {
  it.each(['.', '..', '/', './dist/..', 'environments', 'environments/production', 'link'])(
    'is refused: %s',
    (output) => {
      const folder = scratchWith('production');
      symlinkSync('.', join(folder, 'link'));
      const before = readdirSync(folder);
      const run = command(folder, ['synth', '--output', output]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain('Give a folder of its own, such as dist.');
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  it('is taken elsewhere on the machine', () => {
    const folder = scratchWith('production');
    const other = scratchWith();
    rmSync(join(other, 'hexclave.env'));
    const run = command(folder, ['synth', '--output', join(other, 'deep', 'manifests')]);
    expect(run).toMatchObject({ code: 0 });
    expect(readdirSync(join(other, 'deep', 'manifests', 'production'))).toContain('40-server.k8s.yaml');
  });
});
