import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * The bundled ClickHouse's configuration, read by ClickHouse's own engine (chDB 26.7). No ClickHouse server can be had
 * here: nothing listens, access storage cannot be written to, and custom settings are off.
 */
const files = fileURLToPath(new URL('../../container/clickhouse', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-'));
const data = join(folder, 'data');
let session: { query(statement: string, format: string): string; close(): void };

beforeAll(() => {
  const etc = join(folder, 'etc');
  cpSync(files, etc, { recursive: true });
  writeFileSync(join(etc, 'config.xml'), settings.replaceAll('/var/lib/clickhouse/', `${data}/`));
  // The engine opens every session as default, a user that the server of the manifests does not have.
  mkdirSync(join(etc, 'users.d'));
  writeFileSync(
    join(etc, 'users.d', 'default.xml'),
    `<clickhouse><users><default><password/><profile>default</profile><quota>default</quota><access_management>1</access_management></default></users></clickhouse>`,
  );
  process.env.CLICKHOUSE_PASSWORD_SHA256 = createHash('sha256').update('a password').digest('hex');
  const { Session } = createRequire(import.meta.url)('chdb');
  session = new Session(data, { connectionArgs: [`--config-file=${join(etc, 'config.xml')}`] });
});

afterAll(() => {
  session?.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = readFileSync(join(files, 'config.xml'), 'utf8');

function rows(statement: string): Record<string, string>[] {
  return JSON.parse(session.query(statement, 'JSON')).data;
}

describe('the configuration of the bundled ClickHouse', () => {
  const leaves = [...settings.matchAll(/^ {4}<(\w+)>([^<]+)<\/\1>$/gm)].map(([, name, value]) => [name!, value!]);
  // Not in the engine's table, or set by the engine itself.
  const elsewhere = ['listen_host', 'http_port', 'tcp_port', 'custom_settings_prefixes', 'default_profile'];
  const checked = leaves.filter(([name]) => ![...elsewhere, 'max_concurrent_queries'].includes(name!));

  test('has settings to look at', () => expect(checked.length).toBeGreaterThanOrEqual(12));

  test.each(checked)('sets %s, which the engine knows and reads as it is written', (name, value) => {
    const [row] = rows(`SELECT value FROM system.server_settings WHERE name = '${name}'`);
    const written = value.replace('/var/lib/clickhouse', data).replace(/^false$/, '0');
    expect(row?.value).toBe(written);
  });

  test('makes one user, whose password is known as a hash only', () => {
    expect(rows("SELECT name, storage, auth_type, host_ip FROM system.users WHERE name != 'default'")).toEqual([
      { name: 'stackframe', storage: 'users_xml', auth_type: ['sha256_password'], host_ip: ['::/0'] },
    ]);
  });

  test('lets that user do what the server’s migrations do, and hand it on', () => {
    const grants = rows('SHOW GRANTS FOR stackframe')
      .map((row) => Object.values(row)[0]!)
      .join('\n');
    for (const right of ['SELECT', 'INSERT', 'ALTER', 'CREATE', 'DROP', 'CREATE USER', 'CREATE ROW POLICY', 'SYSTEM']) {
      expect(grants, right).toMatch(
        new RegExp(`GRANT ([^\n]*, )?${right}(,| ON)[^\n]* TO stackframe WITH GRANT OPTION`),
      );
    }
  });
});

describe('what the server’s migrations do in ClickHouse', () => {
  test.each([
    'CREATE DATABASE IF NOT EXISTS internal',
    'CREATE TABLE internal.events (project String, at DateTime64(3), data JSON) ENGINE = MergeTree ORDER BY (project, at)',
    'CREATE TABLE internal.users (id UUID, version UInt64) ENGINE = ReplacingMergeTree(version) ORDER BY id',
    'CREATE VIEW default.events DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT * FROM internal.events',
    `INSERT INTO internal.events VALUES ('a', now64(3), '{"b":{"c":1}}')`,
  ])('is done by the engine: %s', (statement) => {
    expect(() => session.query(statement, 'TSV')).not.toThrow();
  });

  test('leaves what was written to be read', () => {
    expect(rows('SELECT data.b.c::Int64 AS c FROM default.events')).toEqual([{ c: expect.anything() }]);
  });

  test.each([
    `CREATE USER IF NOT EXISTS limited_user IDENTIFIED WITH sha256_password BY 'x'`,
    `CREATE ROW POLICY IF NOT EXISTS p ON default.events FOR SELECT USING project = getSetting('SQL_project_id') TO limited_user`,
    'GRANT SELECT ON default.events TO limited_user',
  ])('is a statement the engine parses: %s', (statement) => {
    expect(session.query(`EXPLAIN AST ${statement}`, 'TSV')).not.toBe('');
  });
});

describe('the statements of docs/how-to/backup.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/how-to/backup.md', import.meta.url)), 'utf8');
  const statements = [...page.matchAll(/^```sql\n([^`]*)^```/gm)].flatMap(([, block]) =>
    block!
      .split(';')
      .map((text) => text.trim())
      .filter((text) => /^(BACKUP|RESTORE|SELECT)/.test(text)),
  );

  test('are there', () => expect(statements).toHaveLength(3));

  test.each(statements)('are statements to the engine: %s', (statement) => {
    const parsed = rows(`EXPLAIN AST ${statement}`)
      .map(({ explain }) => explain)
      .join('\n');
    expect(parsed).toMatch(/^(BackupQuery|RestoreQuery|SelectWithUnionQuery)/);
    // Of a key there is nothing in them.
    if (!parsed.startsWith('Select'))
      expect(parsed).toMatch(/Function S3[\s\S]*Identifier backups\n *Literal '2026-11-29'/);
  });

  test('would be refused with a slip in them', () => {
    expect(() => rows("EXPLAIN AST BACKUP DATABSE analytics_internal TO S3(backups, 'x')")).toThrow(/Syntax error/);
  });
});
