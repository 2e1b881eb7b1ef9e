/**
 * Writes the strict JSON Schemas of every kind in a Kubernetes API description (OpenAPI v2), one file each:
 *   node schemas.mjs swagger.json folder      → folder/apps/deployment-v1.json, folder/v1/pod-v1.json …
 *
 * The description itself lets unknown fields pass and says "string" where the API takes a number as well.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [description, folder] = process.argv.slice(2);
const { definitions } = JSON.parse(readFileSync(description, 'utf8'));
const PREFIX = '#/definitions/';
const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/** Types that take more than the description says, or of which it says in words only what they take. */
const written = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    anyOf: [
      { type: 'string', pattern: '^[+-]?(\\d+\\.?\\d*|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?$' },
      { type: 'number' },
    ],
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { anyOf: [{ type: 'string' }, { type: 'integer', ...INT32 }] },
};

let kinds = 0;
for (const [name, definition] of Object.entries(definitions)) {
  const [of, ...others] = definition['x-kubernetes-group-version-kind'] ?? [];
  // DeleteOptions and WatchEvent belong to every group; lists are what the API answers.
  if (!of || others.length > 0 || !definition.properties?.metadata || definition.properties.items) continue;
  const schema = strict(definition);
  schema.properties.apiVersion = { const: of.group ? `${of.group}/${of.version}` : of.version };
  schema.properties.kind = { const: of.kind };
  schema.required = [...new Set([...(schema.required ?? []), 'apiVersion', 'kind', 'metadata'])];
  // kubeconform takes the version of the core group for its name.
  const group = join(folder, of.group || of.version);
  mkdirSync(group, { recursive: true });
  writeFileSync(
    join(group, `${of.kind.toLowerCase()}-${of.version}.json`),
    JSON.stringify({ ...schema, definitions: neededBy(name) }),
  );
  kinds += 1;
}
if (kinds === 0) throw new Error(`${description} describes no kind`);

/** All that a definition refers to, however far down. */
function neededBy(name) {
  const needed = {};
  const open = references(definitions[name]);
  while (open.length > 0) {
    const next = open.pop();
    if (next in needed) continue;
    needed[next] = written[next] ?? strict(definitions[next]);
    open.push(...references(needed[next]));
  }
  return needed;
}

function references(schema) {
  return [...JSON.stringify(schema).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map((match) => match[1]);
}

function strict(schema) {
  if (schema.$ref) {
    if (!(schema.$ref.slice(PREFIX.length) in definitions)) throw new Error(`${schema.$ref} is not described`);
    return { $ref: schema.$ref };
  }
  const { type, required, properties, items, additionalProperties, format } = schema;
  const out = { type };
  if (properties) {
    out.properties = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, strict(value)]));
    out.additionalProperties = false;
  } else if (additionalProperties) {
    out.additionalProperties = strict(additionalProperties);
  }
  if (required) out.required = required;
  if (items) out.items = strict(items);
  if (format === 'int32') Object.assign(out, INT32);
  if (format === 'byte') out.pattern = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';
  if (format === 'date-time') out.format = format;
  return out;
}
