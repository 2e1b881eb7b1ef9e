import { rotationOf } from '../../config/contract/rotation';
import type { Draft } from '../../config/draft';
import { GENERATED_SECRET, secretOf } from '../../config/secrets/names';
import { remoteRef } from '../../config/secrets/remote';

/** What to do, in order, once the new value is in secrets.env. */
export function steps(draft: Draft, variable: string, previous: string): string {
  const { before = [], after = [] } = rotationOf(variable);
  return numbered([...before, ...rollout(draft), ...after, `When all is well: rm ${previous}`]);
}

/** How to rotate a variable whose value is not in secrets.env; undefined for one that is. */
export function elsewhere(draft: Draft, variable: string): string | undefined {
  const { name, references, settings } = draft;
  const { secrets } = settings;
  const { before = [], after = [] } = rotationOf(variable);
  const revise = [
    `In environments/${name}/environment.yaml write another secrets.revision: it rolls the pods and is a new release.`,
    `npx cdk8s-hexclave synth ${name}`,
    'Apply, or commit and push.',
  ];
  const reference = references.get(variable);
  if (reference?.secret === GENERATED_SECRET) {
    const again = `kubectl delete secret ${GENERATED_SECRET}: the operator makes it anew, with new values for all of its keys.`;
    return `A generator made ${variable} up once. Nothing was changed here.\n${numbered([...before, again, ...revise, ...after])}`;
  }
  if (reference) {
    const change = `Change the key ${reference.key} of the Secret ${reference.secret}.`;
    return `${variable} is in the Secret ${reference.secret}, which is not these manifests'. Nothing was changed here.\n${numbered([...before, change, ...revise, ...after])}`;
  }
  if (secrets.mode === 'existing') {
    const change = `Change the key ${variable} of the Secret ${secrets.name}.`;
    return `${variable} is in the Secret ${secrets.name}, which is not these manifests'. Nothing was changed here.\n${numbered([...before, change, ...revise, ...after])}`;
  }
  if (secrets.mode !== 'external-secrets') return undefined;
  const at = remoteRef(secrets, variable);
  const place = at ? `${at.key}${at.property ? `, ${at.property}` : ''}` : 'where you keep it';
  // Under CreatedOnce nothing but its absence makes the operator read the store again.
  const remake = secrets.refreshPolicy === 'CreatedOnce' ? [`kubectl delete secret ${secretOf(variable)}`] : [];
  const change = `In the store behind ${secrets.store.name} write the new value: ${place}.`;
  return `${variable} is in an external store. Nothing was changed here.\n${numbered([...before, change, ...remake, ...revise, ...after])}`;
}

function rollout({ name, settings }: Draft): string[] {
  const synth = `npx cdk8s-hexclave synth ${name}`;
  if (settings.secrets.mode === 'env-file') return [synth, `kubectl apply --server-side -f dist/${name}`];
  return [`npx cdk8s-hexclave seal ${name}`, synth, 'Commit and push.'];
}

function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `  ${index + 1}. ${line}\n`).join('');
}
