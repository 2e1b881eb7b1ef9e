import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, scratchWith } from '../support/cli';

/** A folder whose environment is committed, and then has this text in environment.yaml. */
function changed(edit: (text: string) => string, committed: (text: string) => string = (text) => text): string {
  const folder = scratchWith('acme');
  const file = join(folder, 'environments', 'acme', 'environment.yaml');
  const text = readFileSync(file, 'utf8');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  git('init', '--quiet');
  writeFileSync(file, committed(text));
  git('add', 'environments/acme/environment.yaml');
  git('-c', 'user.name=a', '-c', 'user.email=a@acme.test', 'commit', '--quiet', '--message=One');
  writeFileSync(file, edit(text));
  return folder;
}

const moved = (text: string) => text.replace(/^( +tag:).*/m, '$1 0ddba11');

describe('check, when image.tag is another one than in the last commit', () => {
  it('says from what to what, at its line, and what may be needed', () => {
    const { code, stdout } = command(changed(moved), ['check', 'acme']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^environments\/acme\/environment\.yaml:\d+ {2}image\.tag moves from \S+ to 0ddba11\n {2}\S/m,
    );
    expect(stdout).toContain('0ddba11 nothing is known here');
    expect(stdout).toContain('PostgreSQL 15 or newer');
  });

  it('says so in JSON, too', () => {
    const { stdout } = command(changed(moved), ['check', 'acme', '--format', 'json']);
    const [{ movedTag }] = JSON.parse(stdout).environments;
    expect(movedTag).toMatchObject({
      to: '0ddba11',
      notes: expect.arrayContaining([expect.stringContaining('C, since')]),
    });
  });

  it.each([
    ['it has not moved', (text: string) => text, undefined],
    ['the last commit has a file that cannot be read', moved, () => ': {'],
    ['the last commit has no tag', moved, () => 'replicas: 2\n'],
  ])('says nothing when %s', (_, edit, committed) => {
    expect(command(changed(edit, committed), ['check', 'acme']).stdout).not.toContain('moves from');
  });

  it('says nothing outside of a repository, and for an environment that was never committed', () => {
    const folder = scratchWith('acme');
    expect(command(folder, ['check', 'acme']).stdout).not.toContain('moves from');
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    expect(command(folder, ['check', 'acme']).stdout).not.toContain('moves from');
  });
});
