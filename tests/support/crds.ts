import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { KubeObject } from './objects';

const folder = new URL('../../imports/crds/', import.meta.url).pathname;

/**
 * What is wrong with a custom resource, by its own definition and with every field that is not in it as an error;
 * undefined when there is no definition of its kind. The definitions are the operators', reduced: what a reduced one
 * accepts, the whole one accepts too.
 */
export function crdErrors(object: KubeObject): string[] | undefined {
  const validate = validators().get(`${object.apiVersion}/${object.kind}`);
  if (!validate) return undefined;
  if (validate(object)) return [];
  return validate.errors!.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

let cache: Map<string, ValidateFunction> | undefined;

function validators(): Map<string, ValidateFunction> {
  if (cache) return cache;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  cache = new Map();
  for (const file of readdirSync(folder)) {
    const { group, names, versions } = parse(readFileSync(join(folder, file), 'utf8')).spec;
    for (const version of versions) {
      const schema = strict(version.schema.openAPIV3Schema);
      (schema as KubeObject).properties.metadata = { type: 'object' };
      cache.set(`${group}/${version.name}/${names.kind}`, ajv.compile(schema as object));
    }
  }
  return cache;
}

/** A structural schema of Kubernetes as strict JSON Schema: as the API server reads it with strict field validation. */
function strict(schema: KubeObject): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  // Some definitions carry keywords without a value.
  const entries = Object.entries(schema).filter(([, value]) => value !== null);
  const out: KubeObject = Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'enum' || key === 'default' ? value : strict(value)]),
  );
  if (schema['x-kubernetes-int-or-string']) out.type = ['integer', 'string'];
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties !== undefined;
  if (schema.type === 'object' && schema.properties && !open) out.additionalProperties = false;
  return out;
}
