import { connections } from '../connections';
import { contract, variable } from '../contract';
import type { Draft, Rule } from '../draft';
import { isInternal } from '../hosts';
import { brokenUrl, databaseUrls, ignoredParameters } from './postgres-url';
import { absent, known, knownUrl, knownValues, withLine, withSetting, withVariable } from './read';

/** PostgreSQL: URLs as the server’s driver (node-pg, pg-connection-string) reads them, and its connections. */
export const database: readonly Rule[] = [
  {
    id: 'database-url',
    severity: 'error',
    summary: 'A PostgreSQL URL that the server cannot use.',
    *check(draft) {
      for (const { item, value } of knownValues(draft)) {
        const problem = variable(item.name)!.kind === 'postgres-url' ? brokenUrl(value) : undefined;
        if (problem) yield withLine(item, 'error', problem.message, problem.fix);
      }
    },
  },
  {
    id: 'database-sslmode',
    severity: 'warning',
    summary: 'An sslmode that means something else to this server than to psql.',
    *check(draft) {
      for (const [name, url] of databaseUrls(draft)) {
        const mode = url.searchParams.get('sslmode');
        const harmless = mode === null || ['disable', 'no-verify', 'verify-full'].includes(mode);
        // With a bundle of its own the server can verify a private CA, and uselibpqcompat brings psql's meanings back.
        if (harmless || draft.settings.caBundle || url.searchParams.get('uselibpqcompat') === 'true') continue;
        yield withVariable(
          draft,
          name,
          'warning',
          'The server’s driver takes every sslmode but disable and no-verify for full verification of certificate and host name, so a private CA, as managed databases have, makes every connection fail.',
          'Write sslmode=verify-full if a public CA has signed the certificate, name a private one under caBundle, or write sslmode=no-verify to encrypt without verification.',
        );
      }
    },
  },
  {
    id: 'database-parameter',
    severity: 'warning',
    summary: 'A URL parameter of libpq or Prisma that the server’s driver ignores.',
    *check(draft) {
      for (const [name, url] of databaseUrls(draft)) {
        const ignored = ignoredParameters(url);
        if (ignored.length === 0) continue;
        yield withVariable(
          draft,
          name,
          'warning',
          `The server’s driver ignores ${ignored.join(', ')}. The pool has 25 connections in every pod whatever the URL says.`,
          'Remove what has no effect.',
        );
      }
    },
  },
  {
    id: 'database-schema',
    severity: 'warning',
    summary: 'A schema other than public.',
    *check(draft) {
      for (const [name, url] of databaseUrls(draft)) {
        if ((url.searchParams.get('schema') ?? 'public') === 'public') continue;
        yield withVariable(
          draft,
          name,
          'warning',
          'Functions of the payments tables name the schema public, whatever the URL says.',
          'Remove the schema parameter and give the server a database of its own.',
        );
      }
    },
  },
  {
    id: 'file-not-mounted',
    severity: 'warning',
    summary: 'A value names a file that is not in the pods.',
    *check(draft) {
      for (const [name, path] of namedFiles(draft)) {
        if (draft.settings.caBundle && path === CA_BUNDLE) continue;
        yield withVariable(
          draft,
          name,
          'warning',
          'The value names a file, and the pods have only those of the image and the caBundle: one that is not there makes connections fail.',
          'Put certificates of a private CA into a ConfigMap and name it in environment.yaml under caBundle.',
        );
      }
    },
  },
  {
    id: 'database-differs',
    severity: 'warning',
    summary: 'The migration’s URL leads to another database or schema than the server’s.',
    *check(draft) {
      const [server, migration] = [knownUrl(draft, MAIN), knownUrl(draft, MIGRATION)];
      if (!server || !migration) return;
      const place = (url: URL): string => `${url.pathname} ${url.searchParams.get('schema') ?? 'public'}`;
      if (place(server) === place(migration)) return;
      yield withVariable(
        draft,
        MIGRATION,
        'warning',
        'Database or schema are not those of the server’s URL: unless the pooler maps one to the other, the Job migrates what the server never uses.',
        'Write the same database and schema into both URLs.',
      );
    },
  },
  {
    id: 'database-pooler',
    severity: 'warning',
    summary: 'The migration would run through a connection pooler.',
    *check(draft) {
      const url = knownUrl(draft, MAIN);
      if (!url || !absent(draft, MIGRATION)) return;
      const pooled = /pooler|pgbouncer|pgcat|supavisor/i.test(url.hostname) || ['6432', '6543'].includes(url.port);
      if (!pooled && url.searchParams.get('pgbouncer') !== 'true') return;
      yield withVariable(
        draft,
        MAIN,
        'warning',
        'The URL looks like a connection pooler. Migrations set the search path for their session and need a second connection while the first holds a lock, which a pooler in transaction mode breaks.',
        `Give the direct URL as ${MIGRATION}.`,
      );
    },
  },
  {
    id: 'database-connections',
    severity: 'warning',
    summary: 'The server pods can open more connections than the database allows.',
    *check(draft) {
      const { replicas, stores } = draft.settings;
      const limit = stores.postgres.mode === 'external' ? stores.postgres.maxConnections : undefined;
      const pods = (typeof replicas === 'number' ? replicas : replicas.max) + 1;
      const needed = connections(replicas);
      if (limit === undefined || needed <= limit) return;
      yield withSetting(
        draft,
        'stores.postgres.maxConnections',
        'warning',
        `During a rollout ${pods} pods and the migration Job can open ${needed} connections; the database refuses all above ${limit}.`,
        `Raise the database’s limit to ${needed} and some for its own use, or run at most ${Math.max(1, Math.floor((limit - 50) / 25))} replicas.`,
      );
    },
  },
  {
    id: 'unencrypted-connection',
    severity: 'warning',
    summary: 'Passwords and data cross a public network in the clear.',
    *check(draft) {
      const plain = databaseUrls(draft).filter(
        ([, url]) => !['sslmode', 'ssl', 'sslrootcert'].some((key) => url.searchParams.has(key)),
      );
      const clickhouse = knownUrl(draft, 'STACK_CLICKHOUSE_URL');
      if (clickhouse?.protocol === 'http:') plain.push(['STACK_CLICKHOUSE_URL', clickhouse]);
      for (const [name, url] of plain) {
        if (isInternal(url.hostname)) continue;
        const encrypted = name === 'STACK_CLICKHOUSE_URL' ? 'https:// and usually port 8443' : 'sslmode=verify-full';
        yield withVariable(
          draft,
          name,
          'warning',
          'The host looks like one on a public network, and the connection is not encrypted.',
          `Use ${encrypted}${name === 'STACK_CLICKHOUSE_URL' ? '' : ', or sslmode=disable if the network is private'}.`,
        );
      }
    },
  },
];

/** Where the pods find the caBundle (charts/server-pod.ts). */
const CA_BUNDLE = '/etc/hexclave/ca/ca.crt';

const MAIN = 'STACK_DATABASE_CONNECTION_STRING';
const MIGRATION = 'MIGRATION_DATABASE_CONNECTION_STRING';

/** Variables with a path as their value or in their URL, and the path. */
function namedFiles(draft: Draft): [string, string][] {
  const named = contract.flatMap(({ name, kind }): [string, string][] => {
    const path = kind === 'path' ? known(draft, name) : undefined;
    return path === undefined ? [] : [[name, path]];
  });
  const inUrls = databaseUrls(draft).flatMap(([name, url]): [string, string][] => {
    const paths = ['sslrootcert', 'sslcert', 'sslkey'].flatMap((key) => url.searchParams.get(key) ?? []);
    return paths.length > 0 ? [[name, paths[0]!]] : [];
  });
  return [...named, ...inUrls];
}
