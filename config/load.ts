import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { canonicalName, looksSecret, variable } from './contract';
import type { Assignment, Draft, Reference, SourceFile } from './draft';
import { parseEnvFile } from './env-file';
import type { Environment } from './environment';
import { compareFindings, type Finding, type Place } from './finding';
import { resolve } from './resolve';
import { judge } from './rules';
import type { Settings } from './settings';
import { provide } from './stores';
import { parseSettings } from './yaml-file';

/** An environment and what was found in its files; no environment when a finding is an error. */
export interface Loaded {
  readonly name: string;
  readonly environment: Environment | undefined;
  readonly findings: readonly Finding[];
}

/** Names of the environments below a folder: its subfolders with an `environment.yaml`, sorted. */
export function environmentNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'environment.yaml')))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Reads `environment.yaml`, `config.env` and `secrets.env` of one folder and judges them. Never throws for what a user
 * can get wrong: unreadable files and bad contents are findings, all of them at once.
 */
export function loadEnvironment(folder: string): Loaded {
  const name = basename(folder);
  const findings: Finding[] = [...judgeName(name, folder)];
  const yaml = read(folder, 'environment.yaml', findings);
  const parsed = parseSettings(String(yaml ?? ''), join(folder, 'environment.yaml'));
  if (yaml !== undefined) findings.push(...parsed.findings);

  const assignments: Assignment[] = [];
  const mode = parsed.settings?.secrets.mode;
  for (const source of ['config.env', 'secrets.env'] as const) {
    if (source === 'secrets.env' && mode === 'existing') {
      findings.push(...ignoredSecretsFile(folder));
      continue;
    }
    const text = read(folder, source, findings);
    if (text === undefined) continue;
    const file = parseEnvFile(text, join(folder, source));
    findings.push(...file.findings);
    for (const entry of file.entries) assignments.push(assignment(entry, source, join(folder, source)));
  }

  if (parsed.settings) {
    const draft = makeDraft(name, folder, parsed.settings, parsed.place, assignments);
    findings.push(...judge(draft));
    findings.sort(compareFindings);
    if (!findings.some((finding) => finding.severity === 'error')) {
      return { name, environment: resolve(draft), findings };
    }
  }
  return { name, environment: undefined, findings: findings.sort(compareFindings) };
}

function makeDraft(
  name: string,
  folder: string,
  settings: Settings,
  place: (path: string) => Place,
  fromFiles: readonly Assignment[],
): Draft {
  const references = new Map<string, Reference>();
  const assignments = [...fromFiles];
  for (const [written, value] of Object.entries(settings.env)) {
    const at = place(`env.${written}`);
    if (typeof value === 'string') {
      assignments.push({ ...at, name: canonicalName(written), written, value, source: 'environment.yaml' });
    } else {
      references.set(canonicalName(written), { ...at, name: canonicalName(written), written, ...value });
    }
  }
  // As with `docker run`, the last assignment of a name wins; the rules report that there was more than one.
  const values = new Map(assignments.map((item) => [item.name, item]));
  return {
    name,
    settings,
    assignments,
    ...provide(settings, values, references, place),
    place,
    home: (of) => ({ file: join(folder, isSecret(of) ? 'secrets.env' : 'config.env'), line: 0 }),
  };
}

function assignment(
  entry: { name: string; value: string; line: number },
  source: SourceFile,
  file: string,
): Assignment {
  return { name: canonicalName(entry.name), written: entry.name, value: entry.value, source, file, line: entry.line };
}

function isSecret(name: string): boolean {
  return variable(name)?.secret ?? looksSecret(name);
}

/** The text of a file, or undefined with a finding that says why not. */
function read(folder: string, source: SourceFile, findings: Finding[]): Buffer | string | undefined {
  const file = join(folder, source);
  try {
    return source === 'environment.yaml' ? readFileSync(file, 'utf8') : readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    findings.push({
      rule: 'file-unreadable',
      severity: 'error',
      file,
      line: 0,
      field: source,
      message: code === 'ENOENT' ? 'The file is not there.' : `The file cannot be read (${code}).`,
      fix: REMEDY[code === 'ENOENT' ? source : 'other'],
    });
    return undefined;
  }
}

const REMEDY: Record<SourceFile | 'other', string> = {
  'environment.yaml': 'Make one with: npx cdk8s-hexclave init <name>',
  'config.env': 'Add it, even if it is empty; it holds the variables that are not secret.',
  'secrets.env':
    'It is not in git: copy it from where you keep it, make one with npx cdk8s-hexclave init, or use secrets: { mode: existing, name: … }.',
  other: 'Make it a regular file that you may read.',
};

function* judgeName(name: string, folder: string): Iterable<Finding> {
  if (/^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/.test(name)) return;
  yield {
    rule: 'environment-name',
    severity: 'error',
    file: folder,
    line: 0,
    field: 'name',
    message: 'The folder’s name becomes a label and part of the namespace’s name, and Kubernetes refuses it there.',
    fix: 'Rename the folder: lower-case letters, digits and dashes, at most 52 characters.',
  };
}

function* ignoredSecretsFile(folder: string): Iterable<Finding> {
  const file = join(folder, 'secrets.env');
  if (!existsSync(file) || statSync(file).isDirectory()) return;
  yield {
    rule: 'secrets-file-ignored',
    severity: 'warning',
    file,
    line: 0,
    field: 'secrets.mode',
    message: 'With secrets.mode existing this file is not read; its values reach nothing.',
    fix: 'Put the values into the existing Secret and delete the file, or use secrets: { mode: env-file }.',
  };
}
