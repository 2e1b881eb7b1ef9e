import { isMap, isPair, isScalar, visit } from 'yaml';
import type { z } from 'zod';
import type { Finding, Place } from './finding';
import { nearest } from './nearest';
import { readYaml, type Yaml } from './read-yaml';
import { type Settings, settingsSchema } from './settings';

/** What became of `environment.yaml`: settings unless it has errors, and where each path of it stands. */
export interface ParsedSettings {
  readonly settings: Settings | undefined;
  readonly findings: readonly Finding[];
  /** Line of a dotted path such as `edge.tls`; of its nearest written parent when it is not written. */
  place(path: string): Place;
}

/**
 * Reads `environment.yaml`. Every problem becomes a finding with its line: YAML syntax, unknown fields (with the
 * nearest known name), wrong values.
 */
export function parseSettings(text: string, file: string): ParsedSettings {
  const yaml = readYaml(text);
  const place = (path: readonly PropertyKey[]): Place => ({ file, line: lineOf(yaml, path) });
  const findings: Finding[] = yaml.problems.map((problem) => ({
    rule: 'environment-yaml-syntax',
    severity: 'error',
    file,
    field: 'environment.yaml',
    ...problem,
  }));
  let settings: Settings | undefined;
  if (findings.length === 0) {
    findings.push(...unwritable(yaml, file));
    const result = settingsSchema.safeParse(yaml.value ?? {}, { reportInput: true });
    if (result.success) settings = findings.length === 0 ? result.data : undefined;
    else for (const issue of result.error.issues) findings.push(...describe(issue, place));
  }
  return { settings, findings, place: (path) => place(path.split('.')) };
}

/** Texts that no environment variable and no manifest can carry: NUL, and halves of a surrogate pair. */
function unwritable({ contents, lineOf }: Yaml, file: string): Finding[] {
  const findings: Finding[] = [];
  visit(contents ?? null, {
    Scalar(_, node) {
      if (typeof node.value !== 'string' || (node.value.isWellFormed() && !node.value.includes('\0'))) return;
      findings.push({
        rule: 'environment-yaml-unwritable-text',
        severity: 'error',
        file,
        line: lineOf(node),
        field: 'environment.yaml',
        message: 'The text holds a NUL or half of a surrogate pair; Kubernetes can carry neither.',
        fix: 'Remove the escape \\0 or \\ud800–\\udfff from the text.',
      });
    },
  });
  return findings;
}

function* describe(issue: z.core.$ZodIssue, place: (path: readonly PropertyKey[]) => Place): Iterable<Finding> {
  const base = { severity: 'error' as const };
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(settingsSchema, issue.path);
    for (const key of issue.keys) {
      const field = dotted([...issue.path, key]);
      const near = nearest(key, known);
      yield {
        ...base,
        ...place([...issue.path, key]),
        rule: 'environment-yaml-unknown-field',
        field,
        message: 'There is no such field, so it would have no effect.',
        fix: near ? `Write ${near}, or remove it.` : `Remove it. Known here: ${known.join(', ') || 'nothing'}.`,
      };
    }
    return;
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  yield {
    ...base,
    ...place(issue.path),
    rule: missing ? 'environment-yaml-missing-field' : 'environment-yaml-invalid-value',
    field: dotted(issue.path) || 'environment.yaml',
    message: missing ? 'This field is needed and is not written.' : `The value ${sentence(issue)}.`,
    fix: missing ? 'Add it; docs/reference/environment.md has every field.' : 'Write a value of that form.',
  };
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('must ')) return issue.message;
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  return `is refused: ${issue.message}`;
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  return type === 'object' || type === 'array' ? `an ${type}` : `a ${type}`;
}

/** Names of fields only: with a blank or a colon forgotten, a password becomes a part of the name. */
function dotted(path: readonly PropertyKey[]): string {
  return path.map((step) => (/^[\w./-]*$/.test(String(step)) ? String(step) : '(name withheld)')).join('.');
}

/** The field names an object of the schema has at a path, seen through defaults and optionals. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const def = (schema as z.ZodType)._zod.def as {
    innerType?: z.core.$ZodType;
    shape?: Record<string, z.core.$ZodType>;
    options?: z.core.$ZodType[];
    element?: z.core.$ZodType;
    valueType?: z.core.$ZodType;
  };
  if (def.innerType) return fieldsAt(def.innerType, path);
  if (def.options) return [...new Set(def.options.flatMap((option) => fieldsAt(option, path)))];
  if (path.length === 0) return Object.keys(def.shape ?? {});
  const next = def.shape?.[String(path[0])] ?? def.element ?? def.valueType;
  return next ? fieldsAt(next, path.slice(1)) : [];
}

/** Line of the key at `path`, or of the deepest parent that is there. */
function lineOf(yaml: Yaml, path: readonly PropertyKey[]): number {
  let node: unknown = yaml.contents;
  let line = 0;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (!pair) break;
      line = yaml.lineOf(pair.key) || line;
      next = pair.value;
    } else {
      next = (node as { items?: unknown[] } | undefined)?.items?.[Number(step)];
      if (next === undefined) break;
      line = yaml.lineOf(next) || line;
    }
    node = next;
  }
  return line;
}
