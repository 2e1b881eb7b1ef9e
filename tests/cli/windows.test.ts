import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git } from '../../cli/git';
import { madeUp } from '../support/cases';
import { type CommandRun, command, edit, node, root, scratchWith } from '../support/cli';

/** The command under the path rules of Windows, on this machine's files. */
function onWindows(folder: string, args: readonly string[]): CommandRun {
  return node(folder, [join(root, 'tests/support/windows-process.cjs'), ...args]);
}

/** How a command ends here and there, in folders that hold the same, and what it leaves in them. */
function both(make: () => string, args: readonly string[], inWindows = args): Record<'here' | 'windows', object> {
  // The first folder with an environment of a name also has what init makes around it.
  make();
  const [here, windows] = [make(), make()];
  const outcome = (folder: string, { code, stdout, stderr }: CommandRun) => ({
    code,
    stdout: stdout.replaceAll(folder, '(folder)'),
    stderr: stderr.replaceAll(folder, '(folder)'),
    files: Object.fromEntries(files(folder).map((name) => [name, textOf(folder, name)])),
  });
  return { here: outcome(here, command(here, args)), windows: outcome(windows, onWindows(windows, inWindows)) };
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/.git'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}

/** A new secret is another one each time. */
function textOf(folder: string, name: string): string {
  return name.endsWith('/secrets.env') ? '' : readFileSync(join(folder, name), 'utf8');
}

const changed = (yaml: string) => () => {
  const folder = scratchWith('production');
  const file = join(folder, 'environments/production/environment.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}${yaml}`);
  return folder;
};

const wrong = () => {
  const folder = scratchWith('production');
  edit(folder, 'production', /^NEXT_PUBLIC_STACK_API_URL=.*$/m, 'NEXT_PUBLIC_STACK_API_URL=http://auth.example.com/x');
  return folder;
};

const backedUp = () => {
  const folder = changed('backup: { to: { volume: { size: 10Gi } } }\n')();
  const file = join(folder, 'environments/production/secrets.env');
  writeFileSync(file, `${readFileSync(file, 'utf8')}BACKUP_PASSWORD=${madeUp('backups')}\n`);
  const { code, stderr } = command(folder, ['synth', 'production']);
  if (code !== 0) throw new Error(stderr);
  return folder;
};

const repository = (ignore: string) => () => {
  const folder = scratchWith('production');
  git(folder, ['init', '--quiet']);
  writeFileSync(join(folder, '.gitignore'), ignore);
  return folder;
};

const IGNORED = '/environments/*/secrets.env*\n/dist/*/11-secret.k8s.yaml\n';

describe('with the path rules of Windows', () => {
  it.each<[string, () => string, string[]]>([
    ['init', () => scratchWith(), ['init', 'production', '--from', 'hexclave.env', '--argocd']],
    ['init where git would track the secrets', repository(''), ['init', 'other', '--from', 'hexclave.env']],
    ['check of what is wrong', wrong, ['check']],
    ['check for programs', wrong, ['check', '--format', 'json']],
    ['check of what has to be sealed first', changed('secrets: { mode: sealed-secrets }\n'), ['check']],
    ['check of what sops has to encrypt first', changed('secrets: { mode: sops }\n'), ['check']],
    ['synth', () => scratchWith('production', 'staging'), ['synth']],
    ['synth for programs', () => scratchWith('production'), ['synth', '--format', 'json']],
    ['synth into a folder elsewhere', () => scratchWith('production'), ['synth', '--output', 'a/../deep/manifests']],
    ['synth where git ignores the secrets', repository(IGNORED), ['synth']],
    ['synth where git would track the secrets', repository(''), ['synth']],
    ['app', () => scratchWith('production'), ['app']],
    ['rotate', () => scratchWith('production'), ['rotate', 'production', 'CRON_SECRET']],
    ['rotate where git would track the secrets', repository(''), ['rotate', 'production', 'CRON_SECRET']],
    ['restore', backedUp, ['restore', 'production']],
    ['images', () => scratchWith('production'), ['images']],
    ['a name that is a path', () => scratchWith('production'), ['check', 'environments/production']],
  ])('the same is said and made by %s', (_, make, args) => {
    const { here, windows } = both(make, args);
    expect(windows).toEqual(here);
    expect(here).not.toMatchObject({ stdout: '', stderr: '' });
  });

  it.each([
    ['out\\manifests', 'out/manifests'],
    ['.\\environments\\production', './environments/production'],
    ['..', '..'],
  ])('an output folder is taken as Windows writes it: %s', (written, meant) => {
    const { here, windows } = both(
      () => scratchWith('production'),
      ['synth', '--output', meant],
      ['synth', '--output', written],
    );
    const text = JSON.stringify(windows).replaceAll(JSON.stringify(written).slice(1, -1), meant);
    expect(JSON.parse(text)).toEqual(here);
  });

  it('paths are computed in one place, which writes them with /', () => {
    const sources = ['cli', 'cluster', 'config', 'charts'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
    );
    const native = sources
      .filter((name) => name.endsWith('.ts') && name !== 'config/paths.ts')
      .filter((name) => {
        const text = readFileSync(join(root, name), 'utf8');
        const imported = /import (.*) from '(?:node:)?path'/.exec(text)?.[1] ?? '';
        return !/^(\{ (basename|dirname)(, (basename|dirname))* \})?$/.test(imported);
      });
    expect(native).toEqual([]);
  });
});
