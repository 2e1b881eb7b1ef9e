import { basename } from 'node:path';
import { adoptedName } from '../../config/aliases';
import { canonicalName, variable } from '../../config/contract';
import { type Entry, envLine, parseEnvFile } from '../../config/env-file';
import { printable } from '../../config/env-file-findings';
import { hasErrors } from '../../config/finding';
import { foreignFile } from '../../config/foreign-file';
import { readNamed, readStdin } from '../../config/read-named';
import { found } from '../../config/reading-rules';
import { Failure } from '../failure';
import { report, summary } from '../report';
import { composeEntries } from './compose';
import { readDocuments } from './documents';
import { objectEntries } from './kubernetes';

export interface SourceOptions {
  /** Of a compose file. @default - its only one, or the only one that looks like the server */
  readonly service?: string;
  /** Secrets may be made although the file has none: the server has never run. @default false */
  readonly newSecrets?: boolean;
}

/** The variables of a server that runs, from the file that gives them to it: an env file, a compose file, or Secrets and ConfigMaps. */
export function readSource(from: string, { service, newSecrets }: SourceOptions): readonly Entry[] {
  const name = from === '-' ? 'standard input' : from;
  const bytes = from === '-' ? readStdin() : readNamed(from);
  const foreign = foreignFile(bytes);
  if (service !== undefined && foreign?.form !== 'compose') {
    throw new Failure(`${name} is no compose file, so it has no service ${service}`, 2);
  }
  const entries =
    foreign?.form === 'compose'
      ? composeEntries(readDocuments(bytes.toString(), name), name, service)
      : foreign?.form === 'kubernetes'
        ? objectEntries(readDocuments(bytes.toString(), name), name)
        : envFileEntries(bytes, name, foreign);
  if (foreign) refuseUnwritable(entries, name);
  refuseLittle(entries, name, newSecrets);
  return entries;
}

function envFileEntries(bytes: Buffer, name: string, foreign: ReturnType<typeof foreignFile>): Entry[] {
  if (foreign) throw new Failure(`${name} is ${foreign.what}, not an env file`, 1, foreign.fix);
  const { entries, findings } = parseEnvFile(bytes, name);
  report(findings);
  if (hasErrors(findings)) {
    throw new Failure(`Nothing was made: ${summary(findings)} in ${basename(name)}`, 1, 'Mend the lines above.');
  }
  return entries;
}

/** Other forms can hold what an env file cannot, such as a key of several lines. */
function refuseUnwritable(entries: readonly Entry[], file: string): void {
  const findings = entries
    .filter(({ name, value }) => envLine(name, value) === undefined)
    .map(({ name, value, line }) => {
      const about = /[\r\n]$/.test(value)
        ? 'ends with a line break'
        : /[\r\n]/.test(value)
          ? 'has several lines'
          : 'cannot stand on a line of its own';
      const message = `The value ${about}, and an env file holds a line for each variable.`;
      const fix =
        'Leave it out of a copy of the file, and take it from a Secret of its own in environment.yaml under env: { NAME: { secret, key } }.';
      return found('import-unwritable', { file, line, field: printable(name), message, fix });
    });
  report(findings);
  if (findings.length > 0) throw new Failure(`Nothing was made: ${summary(findings)} in ${basename(file)}`, 1);
}

/** With nothing of a server's own in it every secret would be new, and whoever has signed in to the one that runs would be signed out. */
function refuseLittle(entries: readonly Entry[], file: string, newSecrets = false): void {
  const set = entries.filter(({ value }) => value !== '').map(({ name }) => adoptedName(name));
  const known = set.filter((name) => variable(canonicalName(name)));
  if (known.length === 0) {
    const what = entries.length === 0 ? 'holds no variable' : 'holds no variable of the server with a value';
    throw new Failure(`${file} ${what}, so nothing was made`, 1, 'Without --from a new environment gets new secrets.');
  }
  if (newSecrets || set.includes(IDENTITY)) return;
  throw new Failure(
    `${file} has no ${IDENTITY}. If the server runs already, a new one would sign everybody out, so nothing was made`,
    1,
    'Add the one that the server runs with. For a server that has never run: --new-secrets',
  );
}

/** Who has this secret goes on as the same installation. */
const IDENTITY = 'STACK_SERVER_SECRET';
