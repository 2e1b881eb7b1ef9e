import { dirname } from 'node:path';
import { parse } from 'yaml';
import type { Loaded } from '../config/load';
import { notesOfMove } from '../config/moves';
import { join, resolve } from '../config/paths';
import { git, repositoryOf } from './git';

/** That `image.tag` is another one than the last commit has, and what is known of the way from one to the other. */
export interface MovedTag {
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly notes: readonly string[];
}

/** Undefined when the tag is that of the last commit, or where there is none to compare with. */
export function movedTag({ name, draft }: Loaded): MovedTag | undefined {
  const file = join('environments', name, 'environment.yaml');
  if (!draft || !repositoryOf(resolve(file))) return undefined;
  const { status, stdout } = git(dirname(file), ['show', 'HEAD:./environment.yaml']);
  const from = status === 0 ? tagIn(stdout) : undefined;
  const { tag: to } = draft.settings.image;
  if (from === undefined || from === to) return undefined;
  return { ...draft.place('image.tag'), from, to, notes: notesOfMove(from, to, draft) };
}

function tagIn(text: string): string | undefined {
  try {
    const tag = parse(text)?.image?.tag;
    return typeof tag === 'string' || typeof tag === 'number' ? String(tag) : undefined;
  } catch {
    return undefined;
  }
}
