import type { z } from 'zod';
import { code, NOTICE, prose, table } from './markdown';
import { podTable } from './pod-table';

type Schema = z.core.JSONSchema.JSONSchema;
type Row = [field: string, value: string, unset: string, meaning: string];

export function environmentPage(schema: Schema): string {
  return `${NOTICE}

# environment.yaml

The Kubernetes side of an environment. Editors with the YAML language server complete and check it with this first line:

\`\`\`yaml
# yaml-language-server: $schema=../../config/environment.schema.json
\`\`\`

A field that is not listed is an error. \`<name>\` stands for a name of your choice, \`[]\` for each item of a list.

${table(['Field', 'Value', 'Unset', 'Meaning'], merged(rows(schema, '')))}
${podTable()}`;
}

/** Fields that several forms of a value have, such as `secrets.mode`, in one row. */
function merged(all: Iterable<Row>): Row[] {
  const byField = new Map<string, Row>();
  for (const [field, value, unset, meaning] of all) {
    const first = byField.get(field);
    const join = (a: string, b: string, between: string) => (a === b ? a : a + between + b);
    byField.set(
      field,
      first
        ? [field, join(first[1], value, ' or '), either(first[2], unset), join(first[3], meaning, ' ')]
        : [field, value, unset, meaning],
    );
  }
  return [...byField.values()];
}

/** A form that has a default decides: the field as a whole can be left out. */
function either(a: string, b: string): string {
  const defaults = [...new Set([...a.split(' or '), b])].filter((unset) => unset !== REQUIRED);
  return defaults.length === 0 ? REQUIRED : defaults.filter((unset) => unset !== '').join(' or ');
}

const REQUIRED = '**required**';

/** One row per field, parents before their children. */
function* rows(schema: Schema, path: string): Iterable<Row> {
  for (const [name, child] of Object.entries(schema.properties ?? {}) as [string, Schema][]) {
    const at = path ? `${path}.${name}` : name;
    yield row(at, child, schema.required?.includes(name) ?? false);
    yield* below(child, at);
  }
}

function* below(schema: Schema, path: string): Iterable<Row> {
  yield* rows(schema, path);
  if (typeof schema.additionalProperties === 'object') yield* below(schema.additionalProperties, `${path}.<name>`);
  if (typeof schema.items === 'object') yield* below(schema.items as Schema, `${path}[]`);
  for (const option of options(schema)) yield* below(option, path);
}

function row(path: string, schema: Schema, required: boolean): Row {
  const [, meaning, unset] = /^(.*?)(?:\s*Unset: (.*?)\.?)?$/s.exec(schema.description ?? '')!;
  return [code(path), form(schema), required ? REQUIRED : prose(unset ?? fallback(schema)), prose(meaning ?? '')];
}

/** The default of a field whose description does not name it. */
function fallback({ default: value }: Schema): string {
  if (value === undefined || value === '' || (typeof value === 'object' && Object.keys(value!).length === 0)) return '';
  return code(String(value));
}

function form(schema: Schema): string {
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(' or ');
  const choices = options(schema);
  if (choices.length > 0) return [...new Set(choices.map(form))].join(' or ');
  if (schema.type === 'array') return `list of ${form(schema.items as Schema)}`;
  if (schema.type === 'object') return object(schema);
  return types[String(schema.type)] ?? 'any';
}

function object(schema: Schema): string {
  if (typeof schema.additionalProperties === 'object') return `map of ${form(schema.additionalProperties)}`;
  const needed = schema.required ?? [];
  return needed.length > 0 ? code(`{ ${needed.join(', ')} }`) : 'map';
}

function options(schema: Schema): Schema[] {
  return (schema.anyOf ?? schema.oneOf ?? []) as Schema[];
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
};
