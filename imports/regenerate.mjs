// Regenerates the types of custom resources:
//   node imports/regenerate.mjs           from the reduced schemas in imports/crds/
//   node imports/regenerate.mjs FOLDER    reduces FOLDER's CustomResourceDefinitions into imports/crds/ first
// kept.json says which fields of which definition are kept; a definition that is not named there is not imported. One
// that FOLDER does not hold stays as it is in imports/crds/.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const here = fileURLToPath(new URL('.', import.meta.url));
const kept = JSON.parse(readFileSync(join(here, 'kept.json'), 'utf8'));
const source = process.argv[2];

if (source) {
  for (const file of readdirSync(join(here, 'crds'))) {
    if (!kept[file.replace(/\.yaml$/, '')]) rmSync(join(here, 'crds', file));
  }
  for (const [name, paths] of Object.entries(kept)) {
    if (!existsSync(join(source, `${name}.yaml`))) continue;
    const definition = parse(readFileSync(join(source, `${name}.yaml`), 'utf8'));
    writeFileSync(join(here, 'crds', `${name}.yaml`), stringify(reduced(definition, paths), { lineWidth: 0 }));
  }
}
for (const file of readdirSync(here)) if (file.endsWith('.ts')) rmSync(join(here, file));
// One call a group: cdk8s import names its file after the group, and a second call would overwrite the first.
const byGroup = new Map();
for (const file of readdirSync(join(here, 'crds')).sort()) {
  const group = file.split('.').slice(1, -1).join('.');
  byGroup.set(group, [...(byGroup.get(group) ?? []), file]);
}
const folder = mkdtempSync(join(tmpdir(), 'crds-'));
for (const [group, files] of byGroup) {
  console.log(files.join(' '));
  const together = join(folder, `${group}.yaml`);
  writeFileSync(together, files.map((file) => readFileSync(join(here, 'crds', file), 'utf8')).join('---\n'));
  execFileSync('npx', ['cdk8s', 'import', together, '--no-save', '-l', 'typescript', '-o', here], {
    env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
rmSync(folder, { recursive: true });

/** The definition with one stored version and nothing but the kept fields: names, types, what is required. */
function reduced(definition, paths) {
  const { group, names, scope, versions } = definition.spec;
  const stored = versions.find((version) => version.storage);
  const root = { ...stored.schema.openAPIV3Schema, required: undefined };
  const wanted = ['apiVersion', 'kind', 'metadata', ...paths].map((path) => path.split('.'));
  return {
    apiVersion: definition.apiVersion,
    kind: definition.kind,
    metadata: { name: definition.metadata.name },
    spec: {
      group,
      names: { kind: names.kind, plural: names.plural, singular: names.singular, listKind: names.listKind },
      scope,
      versions: [{ name: stored.name, served: true, storage: true, schema: { openAPIV3Schema: pruned(root, wanted) } }],
    },
  };
}

function pruned(schema, wanted) {
  if (wanted.some((path) => path.length === 0)) return bare(schema);
  if (schema.items) return { type: schema.type, items: pruned(schema.items, wanted) };
  const names = [...new Set(wanted.map(([first]) => first))];
  for (const name of names) if (!schema.properties?.[name]) throw new Error(`there is no field ${name}`);
  return {
    type: schema.type,
    required: schema.required?.filter((name) => names.includes(name)),
    properties: Object.fromEntries(
      names.map((name) => [
        name,
        pruned(schema.properties[name], wanted.filter(([first]) => first === name).map(([, ...rest]) => rest)),
      ]),
    ),
  };
}

/** A subtree without prose and without what the type generator does not read. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !(key === 'description' && typeof item === 'string') && key !== 'x-kubernetes-validations')
      .map(([key, item]) => [key, bare(item)]),
  );
}
