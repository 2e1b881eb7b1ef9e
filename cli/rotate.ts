import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { meaning } from '../config/aliases';
import { canonicalName, looksSecret, nearestName, variable } from '../config/contract';
import type { Draft } from '../config/draft';
import { hasErrors } from '../config/finding';
import { join } from '../config/paths';
import { readNamed } from '../config/read-named';
import { rotationIn } from '../config/rotation';
import { Failure } from './failure';
import { SECRETS_HEADER } from './init/files';
import { freshSecret, freshStoreSecret } from './init/fresh-secret';
import { loadOne } from './load';
import { locked, secretsLock } from './lock';
import { refuseIrreplaceable, replaceFile } from './private-file';
import { recovery } from './recovery';
import { report } from './report';
import { withValue } from './rotate/env-text';
import { historyOf, placeForPrevious } from './rotate/previous';
import { fromStdin } from './rotate/stdin';
import { elsewhere, steps } from './rotate/steps';
import { out, paint } from './terminal';
import { refuseTracked } from './tracked';

export interface RotateOptions {
  /** Takes the new value from standard input, for a credential that somebody else issues. @default - made here */
  readonly fromStdin?: boolean;
}

/** Gives a secret variable a new value in secrets.env, and says what that breaks and how to roll it out. */
export function rotate(name: string, written: string, options: RotateOptions = {}): number {
  const target = canonicalName(written);
  const { draft, findings } = loadOne(name, { sealing: 'beside' });
  if (!draft) {
    report(findings);
    throw new Failure('Nothing was changed: environment.yaml has errors', 1);
  }
  refuseOthers(target, written, draft);
  const advice = elsewhere(draft, target);
  if (advice) {
    out(`${advice}\n${consequences(draft, target)}`);
    return 0;
  }
  refuseDerived(target, draft);
  const file = join('environments', name, 'secrets.env');
  refuseMissing(file, draft);
  // Whoever types the value may take their time: nothing is locked meanwhile.
  const value = options.fromStdin ? fromStdin() : made(draft, target);
  const isNew = locked(secretsLock(join('environments', name)), () => change(file, draft, target, value));
  if (isNew) {
    out(`${paint(1, 'green', 'Made')} ${file} with ${target} alone; the other values stay sealed as they are\n\n`);
    out(`${consequences(draft, target)}\n${steps(draft, target, [])}`);
  } else {
    out(`${paint(1, 'green', 'Changed')} ${target} in ${file}\n\n`);
    out(`${paint(1, 'bold', 'Where the old values are')}\n${historyOf(file)}\n${consequences(draft, target)}\n`);
    out(steps(draft, target, [`When all is well: rm ${file}.previous*`]));
  }
  return 0;
}

/** Writes the new value, and before it the old text to where it can be found again. Says whether the file is new. */
function change(file: string, draft: Draft, target: string, value: string): boolean {
  // Once more, for it may have gone while the value was typed.
  refuseMissing(file, draft);
  const before = existsSync(file) ? readNamed(file) : undefined;
  if (before && !isUtf8(before)) throw new Failure(`${file} is not valid UTF-8, so nothing was changed`, 1);
  const text = before?.toString() ?? `${SECRETS_HEADER}\n`;
  const changed = withValue(text, target, value);
  if (changed === undefined) {
    throw new Failure('The new value cannot stand in an env file: it is empty, has a line break, or is too long', 1);
  }
  if (changed === text) throw new Failure(`${target} has this value already, so nothing was changed`, 1);
  judgeNew(draft.name, target, changed);
  const previous = before && placeForPrevious(file, before);
  refuseTracked(previous ? [file, previous] : [file]);
  if (previous && !existsSync(previous)) replaceFile(previous, before, 0o600);
  replaceFile(file, changed, 0o600, before);
  return before === undefined;
}

function consequences(draft: Draft, target: string): string {
  return `${paint(1, 'bold', 'What breaks')}\n  ${rotationIn(draft, target).breaks}\n`;
}

function refuseOthers(target: string, written: string, draft: Draft): void {
  const about = variable(target);
  const known =
    about !== undefined || draft.values.has(target) || draft.references.has(target) || draft.held?.has(target);
  if (!known) {
    const near = meaning(written)?.names[0] ?? nearestName(written);
    throw new Failure(`There is no variable ${written}`, 2, near ? `Did you mean ${near}?` : undefined);
  }
  const secret = draft.values.get(target)?.source === 'secrets.env' || (about?.secret ?? looksSecret(target));
  if (!secret || about?.owner) throw new Failure(`${target} is no secret of yours`, 2, 'Change it in config.env.');
}

/** What is made from another secret follows it. */
function refuseDerived(target: string, draft: Draft): void {
  // The secret that a value is made from is the first of its store.
  const origin = draft.provisions.find(({ variables }) => Object.hasOwn(variables, target))?.secrets[0];
  if (!origin) return;
  const fix = `Rotate that one: npx cdk8s-hexclave rotate ${draft.name} ${origin}`;
  throw new Failure(`${target} is made from ${origin}`, 2, fix);
}

/** Where values are sealed one by one the file may hold only the new one; the other modes need all of them in it. */
function refuseMissing(file: string, { name, settings }: Draft): void {
  refuseIrreplaceable(file);
  if (existsSync(file) || settings.secrets.mode === 'sealed-secrets') return;
  const fix =
    settings.secrets.mode === 'sops'
      ? `Make it again first, with all values: sops decrypt environments/${name}/secrets.sops.yaml prints them in base64.`
      : `Copy it from where you keep it, or get it back from the cluster:\n\n${recovery(name, settings)}`;
  throw new Failure(`${file} is not there, and the new value would go into it`, 1, fix);
}

function made(draft: Draft, target: string): string {
  const ofStore = draft.provisions.some(({ secrets }) => secrets.includes(target));
  const value = ofStore ? freshStoreSecret(target) : freshSecret(target);
  if (value !== undefined) return value;
  throw new Failure(
    `${target} is no value that can be made up here: somebody else issues it`,
    2,
    `Hand the new value over on standard input, so that it is in no argument: npx cdk8s-hexclave rotate ${draft.name} ${target} --from-stdin < file`,
  );
}

/**
 * Judges the new text before anything is written, and shows what is found about the new value. What else was wrong before
 * is not this command's to refuse.
 */
function judgeNew(name: string, target: string, secretsText: string): void {
  const before = new Set(loadOne(name, { sealing: 'beside' }).findings.map((item) => JSON.stringify(item)));
  const { findings } = loadOne(name, { sealing: 'beside', secretsText });
  const ofNew = findings.filter((item) => !before.has(JSON.stringify(item)) || canonicalName(item.field) === target);
  report(ofNew);
  if (hasErrors(ofNew)) throw new Failure('Nothing was changed: the new value is refused', 1);
}
