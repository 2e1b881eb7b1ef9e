import { basename, dirname } from 'node:path';
import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { Entry } from '../../config/env-file';
import { join } from '../../config/paths';
import { readNamed } from '../../config/read-named';
import { Failure } from '../failure';
import { type Documents, lineOf, Problems } from './documents';
import { dotenv, interpolated, type Lookup, Unresolved } from './dotenv';

/** Hands over what compose would: `docker compose config` writes everything out. */
const RESOLVE = 'Have compose write everything out, and give that: docker compose config > resolved.yaml';

/** The variables that a service of a compose file gets, as compose gives them to it. */
export function composeEntries(documents: Documents, file: string, wanted: string | undefined): Entry[] {
  const problems = new Problems(file);
  const lookup = projectVariables(file, problems);
  const root = documents.roots[0];
  const services = isMap(root) ? root.get('services') : undefined;
  if (!isMap(services)) throw new Failure(`${file} has no services`, 1);
  const [name, service] = chosen(services, wanted, file);
  if (service.has('extends')) throw new Failure(`The service ${name} extends another one`, 1, RESOLVE);
  const values = new Map<string, Entry>();
  const put = (entry: Entry) => {
    values.delete(entry.name);
    values.set(entry.name, entry);
  };
  for (const { path, required, line } of envFiles(service, problems, documents)) {
    for (const item of inEnvFile(join(dirname(file), path), { required, line, lookup, problems })) put(item);
  }
  for (const item of environment(service, documents)) {
    const value = problems.attempt(item.name, item.line, () =>
      item.value === undefined ? around(item.name, lookup) : interpolated(item.value, lookup),
    );
    if (value !== undefined) put({ name: item.name, value, line: item.line });
  }
  problems.end(
    `The reference is for the shell that compose runs in, or for a file .env beside ${basename(file)}: set it there. ${RESOLVE}`,
  );
  return [...values.values()];
}

/** What references stand for: the file .env beside the compose file. The shell of whoever runs this is not asked. */
function projectVariables(file: string, problems: Problems): Lookup {
  const path = join(dirname(file), '.env');
  let text: string;
  try {
    text = readNamed(path).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return () => undefined;
    throw error;
  }
  const entries = problems.attempt(path, 0, () => dotenv(text, () => undefined)) ?? [];
  const values = new Map(entries.map(({ name, value }) => [name, value]));
  return (name) => values.get(name);
}

function chosen(services: YAMLMap, wanted: string | undefined, file: string): [name: string, service: YAMLMap] {
  const all = services.items.flatMap(({ key, value }): [string, YAMLMap][] =>
    isScalar(key) && isMap(value) ? [[String(key.value), value]] : [],
  );
  const names = all.map(([name]) => name).join(', ');
  const found = all.filter(([name]) => name === wanted);
  if (wanted !== undefined && !found[0]) throw new Failure(`${file} has no service ${wanted}`, 2, `It has: ${names}.`);
  if (found[0]) return found[0];
  const likely = all.filter(([, service]) => isServer(service));
  const only = all.length === 1 ? all[0] : likely.length === 1 ? likely[0] : undefined;
  if (only) return only;
  throw new Failure(
    `${file} has several services, and any may be the server`,
    2,
    `Say which: --service <name>. It has: ${names}.`,
  );
}

/** By its image, or by a variable that only the server has. */
function isServer(service: YAMLMap): boolean {
  const image = String(service.get('image') ?? '');
  return (
    /(^|\/)(stackauth|hexclave)\/(server|hexclave)\b|stack-auth/.test(image) ||
    /\b(NEXT_PUBLIC_)?(STACK|HEXCLAVE)_[A-Z]+_/.test(String(service))
  );
}

interface Written {
  readonly name: string;
  /** Undefined: taken from around. */
  readonly value: string | undefined;
  readonly line: number;
}

function environment(service: YAMLMap, documents: Documents): Written[] {
  const node = service.get('environment');
  if (isSeq(node)) {
    return node.items.map((item) => {
      const text = String(isScalar(item) ? item.value : '');
      const at = text.indexOf('=');
      const line = lineOf(documents, item);
      return at < 0
        ? { name: text, value: undefined, line }
        : { name: text.slice(0, at), value: text.slice(at + 1), line };
    });
  }
  // Merge keys are resolved by the value, not by the nodes.
  const values = documents.valueOf(node) as Record<string, unknown> | undefined;
  return Object.entries(values ?? {}).map(([name, value]) => ({
    name,
    value: value === null || value === undefined ? undefined : String(value),
    // A key that is merged in has no line of its own here.
    line: lineOf(
      documents,
      (isMap(node) && node.items.find(({ key }) => isScalar(key) && String(key.value) === name)?.key) || node,
    ),
  }));
}

function envFiles(
  service: YAMLMap,
  problems: Problems,
  documents: Documents,
): { path: string; required: boolean; line: number }[] {
  const node = service.get('env_file');
  const value = documents.valueOf(node);
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const line = lineOf(documents, node);
  return list.flatMap((item) => {
    if (typeof item === 'string') return [{ path: item, required: true, line }];
    if (typeof item?.path === 'string') return [{ path: item.path, required: item.required !== false, line }];
    problems.add('env_file', line, 'it names no file');
    return [];
  });
}

interface EnvFileProps {
  readonly required: boolean;
  readonly line: number;
  readonly lookup: Lookup;
  readonly problems: Problems;
}

function inEnvFile(path: string, { required, line, lookup, problems }: EnvFileProps): Entry[] {
  let text: string;
  try {
    text = readNamed(path).toString();
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const entries = problems.attempt(path, 0, () => dotenv(text, lookup)) ?? [];
  return entries.flatMap((entry) => {
    const value = entry.value ?? problems.attempt(entry.name, line, () => around(entry.name, lookup));
    return value === undefined ? [] : [{ name: entry.name, value, line }];
  });
}

function around(name: string, lookup: Lookup): string {
  const value = lookup(name);
  if (value === undefined) throw new Unresolved('it has no value here: compose takes that from the shell');
  return value;
}
