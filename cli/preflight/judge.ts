import { canonicalName } from '../../config/contract';
import type { Environment } from '../../config/environment';
import type { Finding } from '../../config/finding';
import { join } from '../../config/paths';
import { found } from '../../config/reading-rules';
import { loadOne } from '../load';
import type { Expected } from './expected';

/** What the cluster lacks, as findings. Names only. */
export function judgeCluster(
  name: string,
  environment: Environment,
  seen: ReadonlyMap<Expected, ReadonlySet<string> | undefined>,
): Finding[] {
  const existing = environment.settings.secrets.mode === 'existing' ? environment.secretName : undefined;
  return [...seen].flatMap(([expected, has]) => {
    const own = expected.kind === 'Secret' && expected.name === existing;
    return own && has ? judgeExisting(name, has) : [...missing(name, environment, expected, has)];
  });
}

function* missing(
  name: string,
  environment: Environment,
  { kind, name: object, keys, produced }: Expected,
  has: ReadonlySet<string> | undefined,
): Iterable<Finding> {
  const base = { file: join('environments', name, 'environment.yaml'), line: 0, field: `${kind} ${object}` };
  if (!has) {
    const message = `It is not in the namespace ${environment.namespace}, and no pod that reads it would start.`;
    const fix = produced
      ? 'Its controller makes it after the first apply; later, ask the object of the same name what is wrong.'
      : `Make it${keys.length > 0 ? ` with the keys ${keys.join(', ')}` : ''}.`;
    yield found('cluster-object-missing', { ...base, message, fix }, produced ? 'warning' : 'error');
    return;
  }
  const lacking = keys.filter((key) => !has.has(key));
  if (lacking.length === 0) return;
  yield found('cluster-key-missing', {
    ...base,
    message: `It lacks ${lacking.join(', ')}, and no pod that reads that would start.`,
    fix: produced ? 'Ask the object of the same name what is wrong.' : 'Add the missing keys.',
  });
}

/** With the names of its keys an existing Secret is judged like a file: what is required, and what only works together. */
function judgeExisting(name: string, has: ReadonlySet<string>): Finding[] {
  const misspelt = [...has].filter((key) => canonicalName(key) !== key && !has.has(canonicalName(key)));
  const { findings } = loadOne(name, { seen: has });
  const before = new Set(loadOne(name).findings.map((item) => JSON.stringify(item)));
  return [
    ...findings.filter((item) => !before.has(JSON.stringify(item))),
    ...misspelt.map((key) =>
      found('cluster-key-spelling', {
        file: join('environments', name, 'environment.yaml'),
        line: 0,
        field: key,
        message: `The manifests read this variable under the key ${canonicalName(key)}.`,
        fix: 'Add the key under that name.',
      }),
    ),
  ];
}
