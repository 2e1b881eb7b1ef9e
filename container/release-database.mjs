// What the gate and the migration Job both need: the server's database, patience, and words without a secret in them.
// Runs in the server's image, on the server's `pg`.
// biome-ignore-all lint/style/useTemplate: Kubernetes and Flux rewrite what looks like a variable in a manifest.
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

export const backend = process.env.BACKEND_DIR || '/app/apps/backend';
export const release = process.env.RELEASE_ID || '';
const secrets = [];
let program = '';

/** Ends the run. Its message is ours, so it holds no secret. */
export class Failure extends Error {}

/** Runs a program to its end; what it says begins with its name. */
export async function main(name, work) {
  program = name;
  process.on('uncaughtException', end);
  await work().catch(end);
  process.exit(0);
}

/** The server's database, in short transactions with a connection each: they work through a transaction pooler, too. */
export function database() {
  const url = urlOf('DATABASE_CONNECTION_STRING', 'postgres:', 'postgresql:');
  if (!url) throw new Failure('STACK_DATABASE_CONNECTION_STRING is not set');
  const options = { connectionString: setting('DATABASE_CONNECTION_STRING'), application_name: 'hexclave-' + program };
  Object.assign(options, { connectionTimeoutMillis: 5000, query_timeout: 7000 });
  let Client;
  try {
    Client = createRequire(backend + '/package.json')('pg').Client;
    // Decoded; this also reads the certificates that the URL names.
    secrets.push(new Client(options).password);
  } catch (error) {
    throw new Failure('STACK_DATABASE_CONNECTION_STRING or ' + backend + ' cannot be used (' + explain(error) + ')');
  }
  const schema = url.searchParams.get('schema') || 'public';
  async function transaction(work) {
    const client = new Client(options);
    // A connection that breaks also rejects the query that waits on it.
    client.on('error', () => {});
    try {
      await client.connect();
      // For this transaction only: PgBouncer refuses the limit as a connection option and would leak it as a setting.
      await client.query('BEGIN; SET LOCAL statement_timeout = 5000; SET LOCAL search_path = ' + quoted(schema));
      const result = await work(async (statement, ...values) => (await client.query(statement, values)).rows);
      await client.query('COMMIT');
      return result;
    } finally {
      await Promise.race([client.end().catch(() => {}), sleep(1000)]);
    }
  }
  return { transaction, schema };
}

/** Repeats the attempt until it has no reason left to wait. An error is a reason: the database may be starting. */
export async function until(limit, attempt) {
  const deadline = performance.now() + limit * 1000;
  for (let said = ''; ; await sleep(2000)) {
    const reason = await attempt().catch((error) => {
      if (error instanceof Failure) throw error;
      return 'database not ready (' + explain(error) + ')';
    });
    if (!reason) return;
    if (reason !== said) say(reason);
    said = reason;
    if (performance.now() >= deadline) throw new Failure('gave up after ' + limit + ' s: ' + reason);
  }
}

/** A code can be looked up and gives nothing away; a message may quote what it was given. */
export function explain(error) {
  const meanings = { '28P01': 'password refused', '3D000': 'no such database', 42501: 'permission denied' };
  const { code, message } = error;
  if (typeof code === 'string') return meanings[code] ? code + ', ' + meanings[code] : code;
  return secrets.some((secret) => secret && String(message).includes(secret)) ? 'message withheld' : String(message);
}

export function urlOf(name, ...protocols) {
  const text = setting(name);
  if (!text) return undefined;
  secrets.push(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !protocols.includes(url.protocol)) {
    throw new Failure('STACK_' + name + ' is not a ' + protocols[0] + '// URL (is every special character encoded?)');
  }
  secrets.push(url.password);
  return url;
}

function setting(name) {
  return process.env['STACK_' + name] || process.env['HEXCLAVE_' + name];
}

export function seconds(name, usual) {
  const value = Number(process.env[name] || usual);
  if (!(value > 0)) throw new Failure(name + ' has to be a number of seconds above 0');
  return value;
}

export function quoted(name) {
  return '"' + name.replaceAll('"', '""') + '"';
}

export function say(text) {
  console.log(program + ': ' + text);
}

function end(error) {
  console.error(program + ': ' + (error instanceof Failure ? error.message : explain(error)));
  process.exit(1);
}
