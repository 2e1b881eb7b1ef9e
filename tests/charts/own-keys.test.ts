import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifests } from '../../charts/hexclave';
import schema from '../../config/environment.schema.json';
import { generatedSecretOf } from '../../config/secrets/names';
import { parseSettings } from '../../config/yaml-file';
import { type Files, guideConfig, guideSecrets, load, madeUp, synthesize } from '../support/cases';
import { mapFields, withEntries } from '../support/map-fields';
import { snapshotCases } from '../support/snapshot-cases';

/** What every object of JavaScript has, and what programs look for in objects. */
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'toJSON', 'then', 'length'];

/** A name that nothing means anything by, with the same kinds of characters and at the same place in the alphabet. */
const plainly = (name: string) => name.replace(/[a-z](?=[^a-z]*$)/i, (letter) => (letter === 'z' ? 'y' : 'z'));

const base = snapshotCases.guide!;

describe.each(mapFields(schema).map((field) => [field.path.join('.'), field] as const))(
  'the keys of %s',
  (_, field) => {
    const yaml = (names: readonly string[]) => JSON.stringify(completed(withEntries(field, names)));
    const refusals = (name: string) => anonymous(parseSettings(yaml([name]), 'environment.yaml').findings, [name]);

    it('are refused for what any other name of that form is refused for', () => {
      for (const name of NAMES) expect(refusals(name), name).toBe(refusals(plainly(name)));
    });

    it('reach the manifests as any other name does', () => {
      const taken = NAMES.filter((name) => refusals(name) === '[]');
      const files = (names: readonly string[]) => ({
        yaml: yaml(names),
        config: guideConfig,
        ...(field.path[0] === 'secrets' ? {} : { secrets: guideSecrets }),
      });
      reachesAlike(files, taken);
    });
  },
);

const value = madeUp('value');

it('names in config.env reach the manifests as any other name does', () => {
  reachesAlike((names) => ({ ...base, config: { ...guideConfig, ...valued(names) } }), NAMES);
});

it('names in secrets.env reach the manifests as any other name does', () => {
  reachesAlike((names) => ({ ...base, secrets: { ...guideSecrets, ...valued(names) } }), NAMES);
});

it.each(NAMES.filter((name) => name === name.toLowerCase()))(
  'an environment may be called %s or not, by its form alone',
  (name) => {
    const outcome = (of: string) => {
      const { environment, findings } = load({ ...base, name: of });
      return anonymous(environment ? documentsOf(manifests(environment)) : findings, [of]);
    };
    expect(outcome(name)).toBe(outcome(plainly(name)));
  },
);

/** With what an environment cannot do without. */
function completed({ edge, secrets, ...rest }: { edge?: object; secrets?: object }): object {
  return {
    image: { tag: '53c1c9e' },
    edge: { tls: { external: true }, ...(edge && 'gateway' in edge ? { type: 'gateway' } : {}), ...edge },
    ...(secrets ? { secrets: { from: { prefix: '' }, ...secrets } } : {}),
    ...rest,
  };
}

function documentsOf(files: ReadonlyMap<string, string>): unknown[] {
  return [...files.values()].flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()));
}

function reachesAlike(files: (names: readonly string[]) => Files, names: readonly string[]): void {
  const documents = (of: readonly string[]) => documentsOf(synthesize(files(of)));
  const ours = anonymous(documents(names), names);
  expect(ours).toBe(anonymous(documents(names.map(plainly)), names.map(plainly)));
  for (const [index] of names.entries()) expect(ours).toContain(`NAME-${index}`);
}

function valued(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** As text, with the names called by their number, where one is all of a key or a text or a part of its own in one. */
function anonymous(value: unknown, names: readonly string[]): string {
  const forms = names.flatMap((name) => [name, generatedSecretOf(name)]);
  const own = new RegExp(`(?<=^|[.-]|")(${forms.join('|') || '(?!)'})(?=$|[.-]|")`, 'g');
  const text = (written: string) =>
    written.length > 400 ? written : written.replace(own, (name) => `NAME-${Math.floor(forms.indexOf(name) / 2)}`);
  return JSON.stringify(value, (_, item) => {
    if (typeof item === 'string') return text(item).replace(/\b([0-9a-f]{10}|[0-9a-f]{32})\b/g, 'DIGEST');
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    const entries = Object.entries(item).map(([key, of]) => [text(key), of] as const);
    return Object.fromEntries(entries.filter(([key]) => key !== 'file').sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
