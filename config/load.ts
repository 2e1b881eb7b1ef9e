import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { canonicalName } from './contract';
import type { Assignment, Draft, SourceFile } from './draft';
import { type EnvFile, parseEnvFile } from './env-file';
import type { Environment } from './environment';
import { compareFindings, type Finding, hasErrors } from './finding';
import { foreignFile } from './foreign-file';
import { type LoadOptions, makeDraft, UNREADABLE } from './make-draft';
import { join } from './paths';
import { LARGEST_SETTINGS, readNamed, unreadableBecause } from './read-named';
import { found } from './reading-rules';
import { resolve } from './resolve';
import { judge } from './rules';
import type { Settings } from './settings';
import { parseSettings } from './yaml-file';

/** An environment and what was found in its files; no environment when a finding is an error. */
export interface Loaded {
  readonly name: string;
  readonly environment: Environment | undefined;
  /** What the files say, unless `environment.yaml` has errors. */
  readonly draft: Draft | undefined;
  readonly findings: readonly Finding[];
  /** It is an evaluation, and `npm run quickstart` has not made its secrets here yet. */
  readonly unmade?: true;
}

/**
 * Names of the environments below a folder, sorted: whatever has an `environment.yaml`, also behind a link. What nobody can
 * look into counts as one, so that it becomes a finding instead of being left out in silence. Names with a dot in front
 * are those of tools.
 */
export function environmentNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && isEnvironment(join(folder, name)))
    .sort();
}

/**
 * Reads `environment.yaml`, `config.env` and `secrets.env` of one folder and judges them. Never throws for what a user
 * can get wrong: unreadable files and bad contents are findings, all of them at once.
 */
export function loadEnvironment(folder: string, options: LoadOptions = {}): Loaded {
  const name = basename(folder);
  const findings: Finding[] = [...judgeName(name, folder)];
  const yaml = read(folder, 'environment.yaml', findings);
  const parsed = parseSettings(String(yaml ?? ''), join(folder, 'environment.yaml'));
  if (yaml !== undefined) for (const finding of parsed.findings) findings.push(finding);

  const { settings } = parsed;
  const assignments: Assignment[] = [];
  const secretsFile = join(folder, 'secrets.env');
  const evaluation = settings?.purpose === 'evaluation' && settings.secrets.mode === 'env-file';
  if (evaluation && options.secretsText === undefined && !isThere(secretsFile)) {
    findings.push(unmadeSecrets(secretsFile));
    return { name, environment: undefined, draft: undefined, findings, unmade: true };
  }
  for (const source of ['config.env', 'secrets.env'] as const) {
    if (source === 'secrets.env' && settings && !readsSecrets(settings, options)) {
      findings.push(...ignoredSecretsFile(folder, settings));
      continue;
    }
    const given = source === 'secrets.env' ? options.secretsText : undefined;
    const text = given ?? read(folder, source, findings);
    if (text === undefined) continue;
    const file = readEnvFile(text, join(folder, source));
    for (const finding of file.findings) findings.push(finding);
    for (const entry of file.entries) assignments.push(assignment(entry, source, join(folder, source)));
  }
  if (!settings) return { name, environment: undefined, draft: undefined, findings: findings.sort(compareFindings) };

  const draft = makeDraft({ name, folder, settings, place: parsed.place, fromFiles: assignments, options }, findings);
  return judged(draft, findings);
}

/** Lets the rules look at a draft, beside what was found where it was read; it becomes an environment unless there is an error. */
export function judged(draft: Draft, before: readonly Finding[]): Loaded {
  const findings = [...before];
  for (const finding of judge(draft)) findings.push(finding);
  findings.sort(compareFindings);
  const environment = hasErrors(findings) ? undefined : resolve(draft);
  return { name: draft.name, environment, draft, findings };
}

/** Synthesis gets no secret value that it does not write. */
function readsSecrets({ secrets }: Settings, { sealing }: LoadOptions): boolean {
  return secrets.mode === 'env-file' || (sealing !== undefined && ['sealed-secrets', 'sops'].includes(secrets.mode));
}

function assignment(
  entry: { name: string; value: string; line: number },
  source: SourceFile,
  file: string,
): Assignment {
  return { name: canonicalName(entry.name), written: entry.name, value: entry.value, source, file, line: entry.line };
}

/** What is no env file at all is one finding. */
function readEnvFile(text: string | Buffer, file: string): EnvFile {
  const parsed = parseEnvFile(text, file);
  // Only what Docker would refuse, or a name that no variable has, makes one ask.
  const strange = hasErrors(parsed.findings) || parsed.entries.some(({ name }) => !/^\w+$/.test(name));
  const foreign = strange ? foreignFile(Buffer.from(text)) : undefined;
  if (!foreign) return parsed;
  const message = `The file is ${foreign.what}, not an env file; nothing of it was read.`;
  return {
    entries: [],
    findings: [found('env-file-foreign', { file, line: 0, field: basename(file), message, fix: foreign.fix })],
  };
}

/** The text of a file, or undefined with a finding that says why not. */
function read(folder: string, source: SourceFile, findings: Finding[]): Buffer | undefined {
  const file = join(folder, source);
  try {
    return readNamed(file, source === 'environment.yaml' ? LARGEST_SETTINGS : undefined);
  } catch (error) {
    const reason = unreadableBecause(error);
    if (reason === undefined) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const base = { file, line: 0, field: source };
    const about =
      code !== 'ENOENT'
        ? { message: `The file cannot be read: ${reason}.`, fix: REMEDY.other }
        : [folder, file].some(leadsNowhere)
          ? DANGLING
          : { message: 'The file is not there.', fix: REMEDY[source] };
    findings.push(found('file-unreadable', { ...base, ...about }));
    return undefined;
  }
}

function isEnvironment(folder: string): boolean {
  try {
    return leadsNowhere(folder) || isThere(join(folder, 'environment.yaml'));
  } catch (error) {
    // A file that stands beside the environments, such as a README.
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
  }
}

/** Whether something has this name, if only a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function leadsNowhere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && !existsSync(path);
}

const DANGLING = {
  message: 'The file or its folder is a link to what is not there.',
  fix: 'Mend the link, or mount what it leads to.',
};

const REMEDY: Record<SourceFile | 'other', string> = {
  'environment.yaml': 'Make one with: npx cdk8s-hexclave init <name>',
  'config.env': 'Add it, even if it is empty; it holds the variables that are not secret.',
  'secrets.env':
    'It is not in git: copy it from where you keep it, get it back from the cluster (docs/how-to/secrets-env-file.md), or choose another secrets.mode. For an environment that has never run: npx cdk8s-hexclave init <name> --new-secrets',
  other: UNREADABLE,
};

function unmadeSecrets(file: string): Finding {
  return found('evaluation-unmade', {
    file,
    line: 0,
    field: 'secrets.env',
    message: 'This evaluation has no secrets here yet; git holds none.',
    fix: 'Run npm run quickstart: it makes them.',
  });
}

function* judgeName(name: string, folder: string): Iterable<Finding> {
  if (/^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/.test(name)) return;
  yield found('environment-name', {
    file: folder,
    line: 0,
    field: 'name',
    message: 'The folder’s name becomes a label and part of the namespace’s name, and Kubernetes refuses it there.',
    fix: 'Rename the folder: lower-case letters, digits and dashes, at most 52 characters.',
  });
}

/** Where the values are encrypted from it, the file is at home; where they come from elsewhere, it misleads. */
function* ignoredSecretsFile(folder: string, { secrets }: Settings): Iterable<Finding> {
  const file = join(folder, 'secrets.env');
  if (secrets.mode === 'sealed-secrets' || secrets.mode === 'sops') return;
  if (!existsSync(file) || statSync(file).isDirectory()) return;
  yield found('secrets-file-ignored', {
    file,
    line: 0,
    field: 'secrets.mode',
    message: `With secrets.mode ${secrets.mode} this file is not read; its values reach nothing.`,
    fix: 'Put the values where the Secret gets them and delete the file, or use secrets: { mode: env-file }.',
  });
}
