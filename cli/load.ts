import { existsSync } from 'node:fs';
import { environmentNames, type Loaded, loadEnvironment } from '../config/load';
import type { LoadOptions } from '../config/make-draft';
import { nearest } from '../config/nearest';
import { neighboursIn } from '../config/neighbours';
import { join } from '../config/paths';
import { Failure } from './failure';
import { err } from './terminal';

const ENVIRONMENTS = 'environments';

/** Loads the environment of this name. */
export function loadOne(name: string, options: LoadOptions = {}): Loaded {
  return load([name], options)[0]!;
}

/**
 * Loads the environments of these names from the folder the command was started in. Without a name it loads all, but for
 * an evaluation that has no secrets on this machine: a fresh clone holds one.
 */
export function load(names: readonly string[], options: LoadOptions = {}): Loaded[] {
  if (!existsSync(ENVIRONMENTS)) {
    const fix =
      'Start the command in the folder of package.json, or make an environment: npx cdk8s-hexclave init <name>';
    throw new Failure(`There is no ${ENVIRONMENTS}/ here`, 2, fix);
  }
  const known = environmentNames(ENVIRONMENTS);
  if (names.length === 0 && known.length === 0) {
    throw new Failure(`${ENVIRONMENTS}/ holds no environment`, 2, 'Make one: npx cdk8s-hexclave init <name>');
  }
  for (const name of names) {
    // A folder without its environment.yaml is the user's environment all the same: that it lacks is a finding.
    const isFolder = /^[^./\\][^/\\]*$/.test(name) && existsSync(join(ENVIRONMENTS, name));
    if (known.includes(name) || isFolder) continue;
    const near = nearest(name, known);
    const fix = near ? `Did you mean ${near}?` : `There are: ${known.join(', ') || 'none'}.`;
    throw new Failure(`There is no environment "${name}"`, 2, fix);
  }
  const chosen = names.length > 0 ? [...new Set(names)].sort() : known;
  const neighbours = neighboursIn(ENVIRONMENTS, known);
  const loaded = chosen.map((name) => loadEnvironment(join(ENVIRONMENTS, name), { ...options, neighbours }));
  const made = loaded.filter((item) => !item.unmade);
  if (names.length > 0 || made.length === 0) return loaded;
  for (const { name } of loaded.filter((item) => item.unmade)) {
    err(`${name} is left out: it is an evaluation without secrets, and npx cdk8s-hexclave quickstart makes them\n`);
  }
  return made;
}
