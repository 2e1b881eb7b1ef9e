import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../config/env-file';
import { madeUp } from '../support/cases';
import { type CommandRun, command, root, scratchWith } from '../support/cli';

const FILE = 'environments/production/secrets.env';
const URL_VARIABLE = 'STACK_DATABASE_CONNECTION_STRING';

describe('rotate --from-stdin', () => {
  it('takes what somebody else issues from standard input', () => {
    const folder = scratchWith('production');
    const url = `postgresql://second:${madeUp('second', 32)}@db.acme.test:5432/stackframe`;
    const refused = command(folder, ['rotate', 'production', URL_VARIABLE]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--from-stdin < file');
    const run = fromStdin(folder, URL_VARIABLE, `${url}\n`);
    expect(run.code).toBe(0);
    expect(value(folder, URL_VARIABLE)).toBe(url);
    expect(run.stdout).toContain('make a second role');
  });

  it.each([
    ['a value that the rules refuse', 'mysql://a:b@c/d\n', /database-url/],
    ['a value of two lines', 'postgresql://a:b@c/d\nand more\n', /cannot stand in an env file/],
    ['no value', '\n', /cannot stand in an env file/],
    ['what is no UTF-8', Buffer.from('postgresql://a:pass\u00e4word@c/d', 'latin1'), /is no UTF-8/],
    ['the encoding of Windows', Buffer.from('\ufeffpostgresql://a:b@c/d', 'utf16le'), /is no UTF-8/],
    ['a byte order mark', '\ufeffpostgresql://a:b@c/d\n', /starts with a byte order mark/],
  ])('refuses %s, and changes nothing', (_, input, complaint) => {
    const folder = scratchWith('production');
    const before = readFileSync(join(folder, FILE), 'utf8');
    const run = fromStdin(folder, URL_VARIABLE, input);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(complaint);
    expect(readFileSync(join(folder, FILE), 'utf8')).toBe(before);
    expect(existsSync(join(folder, `${FILE}.previous`))).toBe(false);
  });

  it.each([
    ['quotes around it', `"${madeUp('quoted', 24)}"`, 'env-file-quotes'],
    ['blanks behind it', `${madeUp('blanks', 24)}  `, 'env-file-blanks'],
  ])('takes a value with %s as it is, warns every time, and does not show it', (_, given, rule) => {
    const folder = scratchWith('production');
    for (const input of [given, given.replace(/\w/, 'x')]) {
      const run = fromStdin(folder, 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD', `${input}\n`);
      expect(run.code).toBe(0);
      expect(run.stderr).toMatch(/^warning .*STACK_CLICKHOUSE_EXTERNAL_PASSWORD/m);
      expect(run.stderr).toContain(`[${rule}]`);
      expect(run.stdout + run.stderr).not.toContain(input.slice(1, 24));
      expect(value(folder, 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD')).toBe(input);
    }
  });

  it('says nothing of what else there is to warn about', () => {
    const folder = scratchWith('production');
    expect(command(folder, ['check']).stdout).toContain('warning');
    expect(fromStdin(folder, 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD', madeUp('plain')).stderr).toBe('');
  });

  it('keeps a value with letters of other languages to the byte', () => {
    const folder = scratchWith('production');
    const password = `pässwörd-日本-${madeUp('more', 12)}`;
    expect(fromStdin(folder, 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD', `${password}\r\n`).code).toBe(0);
    expect(value(folder, 'STACK_CLICKHOUSE_EXTERNAL_PASSWORD')).toBe(password);
  });

  it('refuses a value that was refused before as well', () => {
    const folder = scratchWith('production');
    const broken = readFileSync(join(folder, FILE), 'utf8').replace(
      /^STACK_DATABASE_CONNECTION_STRING=.*$/m,
      'STACK_DATABASE_CONNECTION_STRING=mysql://old:b@c/d',
    );
    writeFileSync(join(folder, FILE), broken);
    const run = fromStdin(folder, URL_VARIABLE, 'mysql://new:b@c/d');
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('[database-url]');
    expect(readFileSync(join(folder, FILE), 'utf8')).toBe(broken);
  });
});

function fromStdin(folder: string, variable: string, input: string | Buffer): CommandRun {
  const args = [join(root, 'cli/cdk8s-hexclave.cjs'), 'rotate', 'production', variable, '--from-stdin'];
  const run = spawnSync(process.execPath, args, { cwd: folder, input, encoding: 'utf8' });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

function value(folder: string, variable: string): string | undefined {
  const { entries } = parseEnvFile(readFileSync(join(folder, FILE)), FILE);
  return entries.find(({ name }) => name === variable)?.value;
}
