import { variable } from '../contract';
import type { Assignment, Draft, Issue, Reference } from '../draft';
import { printable } from '../env-file-findings';
import type { Severity } from '../finding';
import { parseUrl } from '../parse-url';

/** A variable's value where it is known: undefined when it is unset, empty (which the server reads as unset) or elsewhere. */
export function known(draft: Draft, name: string): string | undefined {
  const elsewhere = draft.references.has(name) || draft.held?.has(name);
  return elsewhere ? undefined : draft.values.get(name)?.value || undefined;
}

/** Whether the files give a variable a value, or say where one is. */
export function present(draft: Draft, name: string): boolean {
  return draft.references.has(name) || draft.held?.has(name) === true || known(draft, name) !== undefined;
}

/** Whether a variable has no value for certain. An existing Secret may hold more than the files show. */
export function absent(draft: Draft, name: string): boolean {
  return draft.held !== undefined && !present(draft, name);
}

/** Whether the values of the Secret stand in the files, or else only their names are known, or not even those. */
export function writesSecret(draft: Draft): boolean {
  return draft.settings.secrets.mode === 'env-file';
}

/** Where the user gives a secret variable its value: the end of a sentence. */
export function secretPlace({ name, settings: { secrets } }: Draft): string {
  switch (secrets.mode) {
    case 'env-file':
      return 'secrets.env';
    case 'existing':
      return `the Secret ${secrets.name}`;
    case 'external-secrets':
      return 'the store, and list it in environment.yaml under secrets.variables';
    default:
      return `secrets.env, and run npx cdk8s-hexclave seal ${name}`;
  }
}

/** Whether a store in the namespace sets a variable, or will once its own secrets are there. */
export function isProvided(draft: Draft, name: string): boolean {
  return draft.provisions.some(
    ({ variables, secrets }) =>
      Object.hasOwn(variables, name) &&
      (variables[name] !== undefined || secrets.some((secret) => absent(draft, secret))),
  );
}

/** The known values of variables of the contract, in its order. */
export function* knownValues(draft: Draft): Iterable<{ readonly item: Assignment; readonly value: string }> {
  for (const item of draft.values.values()) {
    if (variable(item.name) && known(draft, item.name) !== undefined) yield { item, value: item.value };
  }
}

/** An issue with a variable, where it is written or else would be. */
export function withVariable(draft: Draft, name: string, severity: Severity, message: string, fix: string): Issue {
  const item = draft.values.get(name) ?? draft.references.get(name);
  if (item) return withLine(item, severity, message, fix);
  const { file, line } = draft.held?.get(name) ?? draft.home(name);
  return { file, line, field: name, about: name, severity, message, fix };
}

/** An issue with one written line. */
export function withLine(item: Assignment | Reference, severity: Severity, message: string, fix: string): Issue {
  return { file: item.file, line: item.line, field: printable(item.written), about: item.name, severity, message, fix };
}

/** An issue with a path of `environment.yaml`. */
export function withSetting(draft: Draft, path: string, severity: Severity, message: string, fix: string): Issue {
  const { file, line } = draft.place(path);
  return { file, line, field: path, severity, message, fix };
}

/** A URL, or undefined when the value is unknown or none; rules about its parts then stay silent. */
export function knownUrl(draft: Draft, name: string): URL | undefined {
  const value = known(draft, name);
  return value === undefined ? undefined : parseUrl(value);
}

/** The tag of an image reference; a colon before the last slash is that of a port. */
export function tagOf(reference: string): string | undefined {
  return reference
    .slice(reference.lastIndexOf('/') + 1)
    .split('@')[0]!
    .split(':')[1];
}
