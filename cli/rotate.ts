import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalName, looksSecret, nearestName, variable } from '../config/contract';
import { rotationOf } from '../config/contract/rotation';
import type { Draft } from '../config/draft';
import { Failure } from './failure';
import { freshSecret } from './init/fresh-secret';
import { loadOne } from './load';
import { replaceFile } from './private-file';
import { report } from './report';
import { withValue } from './rotate/env-text';
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
    out(`${advice}\n\n${consequences(target)}`);
    return 0;
  }
  const file = join('environments', name, 'secrets.env');
  const previous = `${file}.previous`;
  if (!existsSync(file)) {
    throw new Failure(`${file} is not there, and the new value would go into it`, 1, 'Copy it from where you keep it.');
  }
  const value = options.fromStdin ? fromStdin() : made(name, target);
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) throw new Failure(`${file} is not valid UTF-8, so nothing was changed`, 1);
  const text = bytes.toString();
  const changed = withValue(text, target, value);
  if (changed === undefined) {
    throw new Failure('The new value cannot stand in an env file: it is empty, has a line break, or is too long', 1);
  }
  if (changed === text) throw new Failure(`${target} has this value already, so nothing was changed`, 1);
  refuseNewErrors(name, changed);
  refuseTracked([file, previous]);
  // First the old values where they can be found again, then the new one.
  replaceFile(previous, text, 0o600);
  replaceFile(file, changed, 0o600);
  out(`${paint(1, 'green', 'Changed')} ${target} in ${file}; the old values are in ${previous}\n\n`);
  out(`${consequences(target)}\n${steps(draft, target, previous)}`);
  return 0;
}

function consequences(target: string): string {
  return `${paint(1, 'bold', 'What breaks')}\n  ${rotationOf(target).breaks}\n`;
}

function refuseOthers(target: string, written: string, draft: Draft): void {
  const about = variable(target);
  const known =
    about !== undefined || draft.values.has(target) || draft.references.has(target) || draft.held?.has(target);
  if (!known) {
    const near = nearestName(written);
    throw new Failure(`There is no variable ${written}`, 2, near ? `Did you mean ${near}?` : undefined);
  }
  const secret = draft.values.get(target)?.source === 'secrets.env' || (about?.secret ?? looksSecret(target));
  if (!secret || about?.owner) throw new Failure(`${target} is no secret of yours`, 2, 'Change it in config.env.');
}

function made(name: string, target: string): string {
  const value = freshSecret(target);
  if (value !== undefined) return value;
  throw new Failure(
    `${target} is no value that can be made up here: somebody else issues it`,
    2,
    `Hand the new value over on standard input, so that it is in no argument: npx cdk8s-hexclave rotate ${name} ${target} --from-stdin < file`,
  );
}

/** All of standard input without the line break that editors and echo put behind it. */
function fromStdin(): string {
  return readFileSync(0, 'utf8').replace(/\r?\n$/, '');
}

/** Judges the new text before anything is written. What was wrong before is not this command's to refuse. */
function refuseNewErrors(name: string, secretsText: string): void {
  const before = new Set(loadOne(name, { sealing: 'beside' }).findings.map((item) => JSON.stringify(item)));
  const { findings } = loadOne(name, { sealing: 'beside', secretsText });
  const fresh = findings.filter((item) => item.severity === 'error' && !before.has(JSON.stringify(item)));
  if (fresh.length === 0) return;
  report(fresh);
  throw new Failure('Nothing was changed: the new value is refused', 1);
}
