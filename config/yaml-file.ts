import { isMap, isScalar, type Pair, visit, type YAMLMap } from 'yaml';
import type { z } from 'zod';
import type { Finding, Place } from './finding';
import { nearest } from './nearest';
import { ownKeys, withoutProto, withProto, writtenKey } from './own-keys';
import { readYaml, type Yaml } from './read-yaml';
import { found } from './reading-rules';
import { type Settings, settingsSchema } from './settings';
import { turnedKeys, turnedScalars, withQuotes } from './yaml-scalars';

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
  const findings: Finding[] = yaml.problems.map((problem) =>
    found('environment-yaml-syntax', { file, field: 'environment.yaml', ...problem }),
  );
  let settings: Settings | undefined;
  if (findings.length === 0) {
    findings.push(...unwritable(yaml, file));
    for (const finding of turnedKeys(yaml, file)) findings.push(finding);
    const turned = turnedScalars(yaml);
    const parsed = settingsOf(yaml.value ?? {}, place);
    settings = findings.length === 0 ? parsed.settings : undefined;
    for (const finding of parsed.findings) findings.push(withQuotes(finding, turned));
  }
  return { settings, findings, place: (path) => place(path.split('.')) };
}

/** Settings with every default from data, unless it has errors; `place` says where a path of it stands. */
export function settingsOf(
  data: unknown,
  place: (path: readonly PropertyKey[]) => Place,
): { settings: Settings | undefined; findings: Finding[] } {
  const result = judged(withoutProto(data));
  if (!result) return { settings: undefined, findings: [tooManyIssues(place([]))] };
  if (result.success) return { settings: withProto(result.data), findings: [] };
  return { settings: undefined, findings: result.error.issues.flatMap((issue) => [...describe(issue, place)]) };
}

/** Undefined when there is more wrong with it than the validator's stack can carry. */
function judged(value: unknown): ReturnType<typeof settingsSchema.safeParse> | undefined {
  try {
    return settingsSchema.safeParse(value, { reportInput: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function tooManyIssues(at: Place): Finding {
  return found('environment-yaml-invalid-value', {
    ...at,
    field: 'environment.yaml',
    message: 'More is wrong with the file than can be listed; it is none that describes an environment.',
    fix: 'Look at environments/production/environment.yaml, and at docs/reference/environment.md.',
  });
}

/** What no manifest can carry or the schema cannot judge: NUL and halves of a surrogate pair in texts, and merge keys. */
function unwritable({ contents, lineOf }: Yaml, file: string): Finding[] {
  const findings: Finding[] = [];
  visit(contents ?? null, {
    Scalar(key, node) {
      const at = { file, line: lineOf(node), field: 'environment.yaml' };
      if (key === 'key' && node.value === MERGE_KEY) {
        const message = 'Merge keys are not supported here: << would be one more field and take over nothing.';
        const fix = 'Write the fields out, or let an alias stand for a whole value, such as labels: *common.';
        findings.push(found('environment-yaml-merge-key', { ...at, field: MERGE_KEY, message, fix }));
      }
      if (typeof node.value !== 'string' || (node.value.isWellFormed() && !node.value.includes('\0'))) return;
      const message = 'The text holds a NUL or half of a surrogate pair; Kubernetes can carry neither.';
      const fix = 'Remove the escape \\0 or \\ud800–\\udfff from the text.';
      findings.push(found('environment-yaml-unwritable-text', { ...at, message, fix }));
    },
  });
  return findings;
}

const MERGE_KEY = '<<';

function* describe(raw: z.core.$ZodIssue, place: (path: readonly PropertyKey[]) => Place): Iterable<Finding> {
  const issue = { ...raw, path: raw.path.map(writtenKey) };
  if (issue.path.includes(MERGE_KEY)) return;
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(settingsSchema, issue.path);
    for (const key of issue.keys.map(writtenKey)) {
      if (key === MERGE_KEY) continue;
      const near = nearest(key, known);
      yield found('environment-yaml-unknown-field', {
        ...place([...issue.path, key]),
        field: dotted([...issue.path, key]),
        message: 'There is no such field, so it would have no effect.',
        fix: near ? `Write ${near}, or remove it.` : `Remove it. Known here: ${known.join(', ') || 'nothing'}.`,
      });
    }
    return;
  }
  const about = { ...place(issue.path), field: dotted(issue.path) || 'environment.yaml' };
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    const message = 'This field is needed and is not written.';
    const fix = 'Add it; docs/reference/environment.md has every field.';
    yield found('environment-yaml-missing-field', { ...about, message, fix });
  } else if (issue.code === 'invalid_key') {
    const key = printable(issue.path, issue.path.length - 1);
    const message = `The key ${key === undefined ? '' : `${JSON.stringify(key)} `}${issue.issues[0]?.message ?? 'is refused'}.`;
    yield found('environment-yaml-invalid-value', { ...about, message, fix: 'Write another key, or remove it.' });
  } else {
    const message = `The value ${sentence(issue)}.`;
    yield found('environment-yaml-invalid-value', { ...about, message, fix: 'Write a value of that form.' });
  }
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

function dotted(path: readonly PropertyKey[]): string {
  return path.map((_, index) => printable(path, index) ?? '(name withheld)').join('.');
}

/** Names of fields only: with a blank or a colon forgotten, a password becomes a part of the name. */
function printable(path: readonly PropertyKey[], index: number): string | undefined {
  const name = String(path[index]);
  return /^[\w./-]*$/.test(name) || NEVER_SECRET.has(path[index - 1]!) ? name : undefined;
}

/** Maps with keys of the user's choice whose values are for everybody to read. */
const NEVER_SECRET: ReadonlySet<PropertyKey> = new Set(['labels', 'annotations', 'nodeSelector']);

/** The field names an object of the schema has at a path, seen through defaults and optionals. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const def = (schema as z.ZodType)._zod.def as {
    innerType?: z.core.$ZodType;
    shape?: Record<string, z.core.$ZodType>;
    options?: z.core.$ZodType[];
    element?: z.core.$ZodType;
    valueType?: z.core.$ZodType;
    keyType?: z.core.$ZodType;
  };
  if (def.innerType) return fieldsAt(def.innerType, path);
  if (def.options) return [...new Set(def.options.flatMap((option) => fieldsAt(option, path)))];
  if (path.length === 0) return Object.keys(def.shape ?? namesOf(def.keyType));
  const next = ownKeys(def.shape ?? {})[String(path[0])] ?? def.element ?? def.valueType;
  return next ? fieldsAt(next, path.slice(1)) : [];
}

/** The names of a map whose keys are one of a few. */
function namesOf(key: z.core.$ZodType | undefined): Record<string, unknown> {
  return ((key as z.ZodType | undefined)?._zod.def as { entries?: Record<string, unknown> } | undefined)?.entries ?? {};
}

/** Line of the key at `path`, or of the deepest parent that is there. */
function lineOf(yaml: Yaml, path: readonly PropertyKey[]): number {
  let node: unknown = yaml.contents;
  let line = 0;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(step));
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

/** Kept, for in a map of thousands a search from the front for each of them would take minutes. */
const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = pairs.get(map);
  if (known) return known;
  const named = map.items.flatMap((item): [string, Pair][] =>
    isScalar(item.key) ? [[String(item.key.value), item]] : [],
  );
  const found = new Map(named);
  pairs.set(map, found);
  return found;
}
