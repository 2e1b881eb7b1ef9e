/** As much of JSON Schema as the schema of environment.yaml is written in. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly default?: unknown;
}

/** A field of environment.yaml whose keys are the user's choice. */
export interface MapField {
  readonly path: readonly string[];
  /** The objects around it, from the outermost on, as schemas. */
  readonly around: readonly Schema[];
  readonly values: Schema;
}

/** All of them, as the schema has them: a field that is added tomorrow is among them. */
export function mapFields(schema: object, path: readonly string[] = [], around: readonly Schema[] = []): MapField[] {
  const { properties, additionalProperties, anyOf = [], oneOf = [] } = schema as Schema;
  const inner = [...around, schema as Schema];
  return [
    ...(typeof additionalProperties === 'object' ? [{ path, around, values: additionalProperties }] : []),
    ...Object.entries(properties ?? {}).flatMap(([name, field]) => mapFields(field, [...path, name], inner)),
    ...[...anyOf, ...oneOf].flatMap((option) => mapFields(option, path, around)),
  ];
}

/** Fields of environment.yaml in which the map has these keys, with whatever else has to stand around it. */
export function withEntries({ path, around, values }: MapField, keys: readonly string[]): object {
  const map: object = Object.fromEntries(keys.map((key) => [key, sample(values)]));
  return path.reduceRight((inner, name, index) => ({ ...requiredOf(around[index]!), [name]: inner }), map);
}

function requiredOf({ properties = {}, required = [] }: Schema, isRoot = 'image' in properties): object {
  if (isRoot) return {};
  return Object.fromEntries(
    required.map((name) => [name, sample(properties[name]!)]).filter(([, value]) => value !== undefined),
  );
}

/** Some value that the schema takes. */
function sample(schema: Schema): unknown {
  const { type, anyOf, oneOf, pattern, items } = schema;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (anyOf ?? oneOf) return sample((anyOf ?? oneOf)![0]!);
  if (type === 'object') return requiredOf(schema, false);
  if (type === 'array') return items ? [sample(items)] : [];
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1);
  if (type === 'boolean') return true;
  const text = TEXTS.find((candidate) => pattern === undefined || new RegExp(pattern).test(candidate));
  if (type === 'string' && text !== undefined) return text;
  throw new Error(`no sample for ${JSON.stringify(schema)}`);
}

const TEXTS = ['text', '/text', '* * * * *', '1h', '10.0.0.0/8', 'text:1', '10', '1Gi'];
