import { meaning } from '../aliases';
import { variable } from '../contract';
import type { Draft, Rule } from '../draft';
import { lines } from './names';
import { present, secretPlace, withLine } from './read';

/** What other programs, older images and guides call the server’s variables. */
export const foreignNames: readonly Rule[] = [
  {
    id: 'foreign-name',
    severity: 'warning',
    summary: 'A variable under a name that other programs or older images read, and the server does not.',
    *check(draft) {
      for (const item of lines(draft)) {
        const meant = meaning(item.written);
        if (!meant) continue;
        const { names, asItIs } = meant;
        const free = names.filter((name) => !present(draft, name));
        const calls = asItIs
          ? `it calls the variable ${names.join(', or ')}`
          : names.length > 1
            ? `it wants the parts of such a value one by one, as ${list(names)}`
            : `it wants it as a part of ${names[0]}`;
        const rest = 'remove this line unless another program in the pod needs it.';
        yield withLine(
          item,
          'warning',
          `The server does not read a variable of this name; ${calls}${free.length === 0 ? ', which has a value already' : ''}.`,
          free.length === 0
            ? capitalized(rest)
            : asItIs
              ? `Write ${list(free, 'or')} in place of the name${item.source === 'environment.yaml' ? '' : `, into ${fileOf(draft, free[0]!)}`}.`
              : `Write ${list(free)}, and ${rest}`,
        );
      }
    },
  },
];

/** Where a variable of the contract is written: the end of a sentence. */
function fileOf(draft: Draft, name: string): string {
  return variable(name)!.secret ? secretPlace(draft) : 'config.env';
}

function list(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
