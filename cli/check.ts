import { idOf } from '../charts/documents';
import { generationOf, generations } from '../config/contract/generations';
import { type Finding, hasErrors } from '../config/finding';
import type { Loaded } from '../config/load';
import { join } from '../config/paths';
import { found } from '../config/reading-rules';
import type { Settings } from '../config/settings';
import type { BuiltEnvironment } from './build';
import { openGitOps } from './gitops';
import { load } from './load';
import { movedTag } from './moved-tag';
import { json, report } from './report';
import { judgeCertificate } from './seal/certificate';
import { out } from './terminal';
import { trackedSecrets } from './tracked';

export interface CheckOptions {
  /** @default text */
  readonly format?: 'text' | 'json';
}

/** Reports what is wrong with the environments of these names, all without a name. 1 when there is an error. */
export async function check(names: readonly string[], options: CheckOptions = {}): Promise<number> {
  const loaded = await withObjects(load(names));
  const findings = loaded.flatMap((item) => [
    ...item.findings,
    ...certificate(item),
    ...untried(item),
    ...tracked(item),
    ...openGitOps(join('environments', item.name)),
  ]);
  if (options.format === 'json') {
    const environments = loaded.map((item) => ({
      name: item.name,
      valid: item.environment !== undefined,
      ...(item.built && item.built.patches.length > 0 ? { patches: item.built.patches } : {}),
      ...(extraOf(item).length > 0 ? { extra: extraOf(item) } : {}),
      ...optional('movedTag', movedTag(item)),
    }));
    out(json(findings, { environments }));
  } else {
    report(findings, 1);
    if (findings.length === 0) out(`${loaded.map((item) => item.name).join(', ')}: no problems\n`);
    for (const item of loaded) out(changesOf(item) + moveOf(item));
  }
  return hasErrors(findings) ? 1 : 0;
}

/** An environment; with its manifests where those had to be made. */
type Checked = Loaded & Partial<Pick<BuiltEnvironment, 'built'>>;

/** Some things can only be judged in the finished objects; only environments that have them wait for their manifests. */
async function withObjects(loaded: readonly Loaded[]): Promise<Checked[]> {
  const needed = loaded.some(({ draft }) => draft && (draft.extra.length > 0 || hasAny(draft.settings)));
  return needed ? (await import('./build')).buildAll(loaded) : [...loaded];
}

/** What an environment brings besides the fields: which patch changes which object, and which objects are the user's own. */
function changesOf(item: Checked): string {
  const patches = (item.built?.patches ?? []).map(
    ({ file, line, objects, operations }) =>
      `${file}:${line}  changes ${objects.join(', ')}: ${operations.join(', ')}\n`,
  );
  const extra = extraOf(item).map(({ file, line, object }) => `${file}:${line}  brings ${object}\n`);
  return [...patches, ...extra].join('');
}

/** What whoever moves the tag has to look at; no finding, for nothing is wrong. */
function moveOf(item: Checked): string {
  const moved = movedTag(item);
  if (!moved) return '';
  const { file, line, from, to, notes } = moved;
  return [`${file}:${line}  image.tag moves from ${from} to ${to}`, ...notes.map((note) => `  ${note}`), ''].join('\n');
}

function optional<T>(name: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [name]: value };
}

function extraOf({ environment }: Checked): { file: string; line: number; object: string }[] {
  return (environment?.extra ?? []).map(({ file, line, object }) => ({ file, line, object: idOf(object) }));
}

function hasAny({ patches, pods }: Settings): boolean {
  return patches.length > 0 || Object.keys(pods).length > 0;
}

/** It stops no synthesis: what is sealed can still be opened. */
function certificate({ name, draft }: Loaded): Finding[] {
  if (draft?.settings.secrets.mode !== 'sealed-secrets') return [];
  const file = join('environments', name, draft.settings.secrets.certificate);
  return judgeCertificate(file, new Date()).map((finding) => ({ ...finding, severity: 'warning' }));
}

/** Tags are commits and have no order, so it is said of every image that is not known, newer or older. */
function untried({ draft }: Loaded): Finding[] {
  if (!draft || generationOf(draft.settings.image.tag)) return [];
  const those = Object.entries(generations)
    .flatMap(([id, { run }]) => run.map((commit) => `${commit} (generation ${id})`))
    .join(', ');
  return [
    found('image-not-tried', {
      ...draft.place('image.tag'),
      field: 'image.tag',
      message: `These manifests were not run with this image. They were with ${those}; of others, code and guides were read.`,
      fix: 'Run it once in a cluster that has nothing to lose before it serves anybody: docs/how-to/upgrade.md, the fourth step.',
    }),
  ];
}

/** Whatever the mode: what is in git has been given away. It stops no synthesis, which writes other files. */
function tracked({ name }: Loaded): Finding[] {
  return trackedSecrets(join('environments', name)).map((file) =>
    found('secrets-file-tracked', {
      file,
      line: 0,
      field: 'secrets.env',
      message: 'Git knows this file: whoever has the repository, or gets it, has the secrets.',
      fix: `Run git rm --cached ${file}, have .gitignore name it, and give every secret in it a new value.`,
    }),
  );
}
