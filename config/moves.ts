import { type Generation, type GenerationFacts, generations, type Note } from './contract/generations';
import type { Draft } from './draft';
import { present } from './rules/read';

/**
 * What is known to be needed when `image.tag` moves from one value to another, in sentences; of what is done already, nothing.
 *
 * @param table what is known, and of which tags
 */
export function notesOfMove(from: string, to: string, draft: Draft, table: Table = generations): string[] {
  const generationOf = (tag: string) => ORDER.find((id) => table[id].run.includes(tag));
  const [before, after] = [generationOf(from), generationOf(to)];
  const open = (notes: readonly Note[]) =>
    notes.filter(({ done }) => !done || !isDone(done, draft)).map(({ text }) => text);
  if (!before || !after) {
    const unknown = [from, to].filter((tag) => !generationOf(tag)).join(' and ');
    const newer = before ? ORDER.slice(ORDER.indexOf(before) + 1) : ORDER;
    return [
      `Of ${unknown} nothing is known here. What may be needed, by generation (docs/reference/versions.md):`,
      ...newer.flatMap((id) => open(table[id].coming).map((text) => `${id}, ${table[id].published}: ${text}`)),
    ];
  }
  if (before === after) return [`Both are of generation ${before}: but for migrations nothing is known to differ.`];
  const [first, last] = [ORDER.indexOf(before), ORDER.indexOf(after)];
  if (first < last) return ORDER.slice(first + 1, last + 1).flatMap((id) => open(table[id].coming));
  return ORDER.slice(last + 1, first + 1)
    .reverse()
    .flatMap((id) => open(table[id].leaving));
}

type Table = Readonly<Record<Generation, GenerationFacts>>;

const ORDER = Object.keys(generations) as Generation[];

function isDone(name: string, draft: Draft): boolean {
  if (/^[A-Z_]+$/.test(name)) return present(draft, name);
  let value: unknown = draft.settings;
  for (const part of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return value === true;
}
