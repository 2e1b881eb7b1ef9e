import { canonicalName, isSecret } from './contract';
import type { Assignment } from './draft';
import type { EnvironmentInput } from './environment-input';
import type { Finding, Place } from './finding';
import { judged, type Loaded } from './load';
import { makeDraft } from './make-draft';
import { settingsOf } from './yaml-file';

/** What the three files of an environment hold. */
export interface EnvironmentData {
  readonly name: string;
  readonly environment: EnvironmentInput;
  readonly config: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Judges an environment that is given as data, as `loadEnvironment` judges files. Places name the property; lines are 0. */
export function environmentFromData(data: EnvironmentData): Loaded {
  const { name } = data;
  const place = (path: string): Place => ({ file: `environment.${path}`, line: 0 });
  const { settings, findings: refused } = settingsOf(data.environment, (path) => place(path.join('.')));
  const findings: Finding[] = [...refused];
  if (!settings) return { name, environment: undefined, draft: undefined, findings };
  const fromFiles = [...assignments('config', data.config), ...assignments('secrets', data.secrets ?? {})];
  const draft = makeDraft({ name, folder: '', settings, place, fromFiles, options: {} }, findings);
  const home = (of: string) => ({ file: isSecret(of) ? 'secrets' : 'config', line: 0 });
  return judged({ ...draft, home }, findings);
}

function assignments(property: 'config' | 'secrets', values: Readonly<Record<string, string>>): Assignment[] {
  return Object.entries(values).map(([written, value]) => ({
    name: canonicalName(written),
    written,
    value,
    source: `${property}.env`,
    file: property,
    line: 0,
  }));
}
