import { looksSecret, variable } from '../contract';
import type { Draft, Rule } from '../draft';
import { parseUrl } from '../parse-url';
import { isJson } from './forms';
import { known, knownValues, withLine, withVariable } from './read';

/** What single values mean, beside their form. */
export const values: readonly Rule[] = [
  {
    id: 'unlisted-value',
    severity: 'error',
    summary: 'A variable with a fixed list of values has another one.',
    *check(draft) {
      for (const { item, value } of knownValues(draft)) {
        const { oneOf } = variable(item.name)!;
        if (!oneOf || oneOf.includes(value)) continue;
        yield withLine(item, 'error', 'The server does not know this value and fails on it.', `Write ${list(oneOf)}.`);
      }
    },
  },
  {
    id: 'risky-value',
    severity: 'depends',
    summary: 'A value that is meant for development, or gives something away.',
    *check(draft) {
      for (const { item, value } of knownValues(draft)) {
        const { risk } = variable(item.name)!;
        if (!risk || risk.except?.includes(value) || (risk.on && !risk.on.includes(value))) continue;
        if (isMeant(draft, item.name)) continue;
        yield withLine(item, risk.severity, risk.harm, 'Remove the variable, unless this is meant.');
      }
    },
  },
  {
    id: 'inert-variable',
    severity: 'warning',
    summary: 'A variable that nothing reads at run time.',
    *check(draft) {
      for (const { item } of knownValues(draft)) {
        const { inert } = variable(item.name)!;
        if (inert) yield withLine(item, 'warning', `Setting this has no effect: ${inert}.`, 'Remove it.');
      }
    },
  },
  {
    id: 'value-blanks',
    severity: 'depends',
    summary: 'A text in environment.yaml begins or ends with white space.',
    *check(draft) {
      // The reader of env files reports blanks in those; line breaks can only come from YAML.
      for (const item of draft.assignments) {
        if (item.source !== 'environment.yaml' || !(variable(item.name) || looksSecret(item.name))) continue;
        if (item.value === item.value.trim()) continue;
        const lineBreak = /[\r\n]/.test(item.value.slice(item.value.trimEnd().length));
        yield withLine(
          item,
          lineBreak ? 'error' : 'warning',
          `The text ${lineBreak ? 'ends with a line break' : 'begins or ends with a blank'}, which becomes part of the value: keys and passwords no longer match.`,
          lineBreak
            ? 'Write the text in quotes on one line, or begin the block with |- instead of |.'
            : 'Remove the blank.',
        );
      }
    },
  },
  {
    id: 'backend-urls-config',
    severity: 'error',
    summary: 'The fail-over list for SDKs does not have the form the server insists on.',
    *check(draft) {
      const value = known(draft, 'STACK_BACKEND_URLS_CONFIG');
      if (value === undefined || !isJson(value) || isFailoverList(JSON.parse(value))) return;
      yield withVariable(
        draft,
        'STACK_BACKEND_URLS_CONFIG',
        'error',
        'SDKs ask the server for this list, and it answers with an error.',
        'Write an object from probabilities that add up to at most 1 to lists of URLs, such as {"0.7":["https://a…"],"0.3":["https://b…"]}.',
      );
    },
  },
];

function isFailoverList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  const isUrls = (urls: unknown): boolean =>
    Array.isArray(urls) &&
    urls.length > 0 &&
    urls.every((url) => typeof url === 'string' && parseUrl(url) !== undefined);
  const sum = entries.reduce((total, [share]) => total + Number(share), 0);
  return (
    entries.length > 0 &&
    // Seven and three tenths do not add up to one in binary fractions.
    sum <= 1 + 1e-9 &&
    entries.every(([share, urls]) => share.trim() !== '' && Number(share) >= 0 && Number(share) <= 1 && isUrls(urls))
  );
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** An evaluation has its dashboard on localhost, where the seed makes nothing a trusted domain. */
function isMeant(draft: Draft, name: string): boolean {
  return draft.settings.purpose === 'evaluation' && name === 'STACK_SEED_INTERNAL_PROJECT_ALLOW_LOCALHOST';
}
