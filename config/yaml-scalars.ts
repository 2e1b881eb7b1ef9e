import { isMap, isPair, isScalar, isSeq, type Node, type Scalar, visit } from 'yaml';
import type { Finding } from './finding';
import type { Yaml } from './read-yaml';
import { found } from './reading-rules';

/**
 * The scalars that YAML takes for something else than a text, by their dotted path: `0755` is the number 755, `53e4` is
 * 530000, `1.10` is 1.1, and with a directive for an older YAML `off`, `12:30` and dates are no texts either.
 */
export function turnedScalars({ contents }: Yaml): ReadonlyMap<string, Scalar> {
  const turned = new Map<string, Scalar>();
  const walk = (node: unknown, path: readonly string[]): void => {
    if (isMap(node)) {
      for (const item of node.items) {
        if (isPair(item) && isScalar(item.key)) walk(item.value, [...path, String(item.key.value)]);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, String(index)]);
    } else if (isScalar(node) && typeof node.value !== 'string') turned.set(path.join('.'), node);
  };
  walk(contents, []);
  return turned;
}

/** The finding that a text is needed, with the spelling that YAML would leave alone where it has turned one. */
export function withQuotes(finding: Finding, turned: ReadonlyMap<string, Scalar>): Finding {
  const scalar = turned.get(finding.field);
  if (!scalar || !/must be a (string|text in quotes)/.test(finding.message)) return finding;
  if (scalar.value === null) {
    return {
      ...finding,
      message: 'There is no value here, and a text is needed.',
      fix: 'Write one, or remove the field.',
    };
  }
  const message = `Without quotes YAML reads this value as ${readAs(scalar)}, and a text is needed.`;
  // The value of a variable may be a secret.
  const isVariable = finding.field.startsWith('env.');
  const fix = isVariable ? 'Put it in quotes.' : `Write it in quotes: ${quoted(scalar)}`;
  return { ...finding, message, fix };
}

/** Keys that are not what was written, once YAML has read them: `1.10`, `0x10`, `~`. */
export function turnedKeys({ contents, lineOf }: Yaml, file: string): Finding[] {
  const findings: Finding[] = [];
  visit((contents ?? null) as Node | null, {
    Pair(_, { key }) {
      if (!isScalar(key) || typeof key.value === 'string' || key.source === String(key.value)) return;
      const message = `Without quotes YAML reads this key as ${readAs(key)}, and it would stand in the manifests in another spelling.`;
      const about = {
        file,
        line: lineOf(key),
        field: 'environment.yaml',
        message,
        fix: `Write it in quotes: ${quoted(key)}`,
      };
      findings.push(found('environment-yaml-invalid-value', about));
    },
  });
  return findings;
}

function quoted({ source, value }: Scalar): string {
  return JSON.stringify(source ?? String(value));
}

function readAs({ value }: Scalar): string {
  if (value === null) return 'nothing at all';
  if (value instanceof Date) return 'a date';
  return typeof value === 'boolean' ? `the answer ${value ? 'yes' : 'no'}` : 'a number';
}
