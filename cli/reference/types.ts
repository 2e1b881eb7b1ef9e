/** The parts of a JSON Schema that the schema of environment.yaml has. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/**
 * The schema as TypeScript that needs no package: what an editor shows to whoever writes an environment in TypeScript. A
 * test holds it to the type that zod infers.
 */
export function typesModule(schema: object): string {
  return `// Made by npm run generate from the schema in config/settings.ts.

${doc('What environment.yaml can hold.', '')}export interface EnvironmentInput ${object(schema as Schema, '')}
`;
}

function type(schema: Schema, indent: string): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return [...new Set(options.map((option) => type(option, indent)))].join(' | ');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  switch (schema.type) {
    case 'object':
      return schema.properties ? object(schema, indent) : `Record<string, ${values(schema, indent)}>`;
    case 'array': {
      const item = type(schema.items ?? {}, indent);
      return item.includes('|') ? `(${item})[]` : `${item}[]`;
    }
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
      return schema.type;
    default:
      return 'unknown';
  }
}

function object({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, field]) => {
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
    return `${doc(field.description, inner)}${inner}${key}${required.includes(name) ? '' : '?'}: ${type(field, inner)}${required.includes(name) ? '' : ' | undefined'};\n`;
  });
  return fields.length > 0 ? `{\n${fields.join('')}${indent}}` : 'Record<string, never>';
}

function values({ additionalProperties }: Schema, indent: string): string {
  return typeof additionalProperties === 'object' ? type(additionalProperties, indent) : 'unknown';
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function doc(description: string | undefined, indent: string): string {
  return description ? `${indent}/** ${description.replaceAll('*/', '*\\/')} */\n` : '';
}
