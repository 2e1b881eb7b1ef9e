import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from '../../charts/documents';
import { build } from '../../charts/hexclave';
import { stages } from '../../charts/stages';
import { parseEnvFile } from '../../config/env-file';
import { environmentOf, type Files, madeUp } from '../support/cases';
import { type KubeObject, objectsOf } from '../support/objects';

const here = new URL('.', import.meta.url).pathname;

/** One environment as a landed version had it: a repository of its own, with what was synthesized then. */
export interface Landed {
  readonly version: string;
  readonly title: string;
  readonly before: readonly KubeObject[];
  /** What the same files give today. */
  readonly after: readonly Document[];
}

/** The environments of all landed versions. `tests/upgrade/README.md` says how they come to be. */
export const landed: readonly Landed[] = folders(here).flatMap((version) =>
  folders(join(here, version)).map((title) => {
    const home = join(here, version, title);
    const [name] = folders(join(home, 'environments'));
    const texts = filesIn(join(home, 'dist', name!)).map(([file, text]) => [file, text] as const);
    return {
      version,
      title,
      before: objectsOf(new Map(texts)).map(({ object }) => object),
      after: Object.keys(stages).flatMap((stage) => [...(built(home, name!).objects.get(stage as never) ?? [])]),
    };
  }),
);

function built(home: string, name: string) {
  return build(environmentOf(inputs(join(home, 'environments', name), name)));
}

function inputs(folder: string, name: string): Files {
  const texts = new Map(filesIn(folder).map(([file, text]) => [file, withCredentials(text)]));
  const variables = (text = '') =>
    Object.fromEntries(parseEnvFile(text, 'env').entries.map((entry) => [entry.name, entry.value]));
  const template = texts.get('secrets.env.template');
  return {
    name,
    yaml: texts.get('environment.yaml')!,
    config: variables(texts.get('config.env')),
    ...(template === undefined ? {} : { secrets: variables(template) }),
  };
}

/** No credential stands in the repository, nor what looks like one: each is named, and made here. */
function withCredentials(template: string): string {
  return template.replace(/<made up: ([^,>]+), (\d+|base64url)>/g, (_, label: string, form: string) =>
    form === 'base64url' ? Buffer.from(madeUp(label), 'hex').toString('base64url') : madeUp(label, Number(form)),
  );
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function filesIn(folder: string): [string, string][] {
  return readdirSync(folder)
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
}
