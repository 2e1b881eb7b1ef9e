import type { Draft } from '../../config/draft';
import { rotationIn } from '../../config/rotation';
import { generatedSecretOf, namespaceOf, secretOf } from '../../config/secrets/names';
import { remoteRef } from '../../config/secrets/remote';

/** What to do, in order, once the new value is in secrets.env. */
export function steps(draft: Draft, variable: string, previous: readonly string[]): string {
  const { before = [], after = [] } = rotationIn(draft, variable);
  return numbered([...before, ...rollout(draft), ...after, ...previous]);
}

/** How to rotate a variable whose value is not in secrets.env; undefined for one that is. */
export function elsewhere(draft: Draft, variable: string): string | undefined {
  const { references, settings } = draft;
  const { secrets } = settings;
  const { before = [], after = [] } = rotationIn(draft, variable);
  const told = (place: string, change: readonly string[]): string =>
    `${place} Nothing was changed here.\n${numbered([...before, ...change, 'Apply, or commit and push.', ...after])}`;
  const inSecret = (secret: string, key: string): string =>
    told(`${variable} is in the Secret ${secret}, which is not these manifests'.`, [
      `Change the key ${key} of the Secret ${secret} in the namespace ${namespaceOf(draft.name, settings)}.`,
      ...revise(draft),
    ]);
  const reference = references.get(variable);
  if (reference?.secret === generatedSecretOf(variable)) {
    const again = remake(draft, reference.secret, 'with a value made anew');
    return told(`A generator made ${variable} up once.`, [backup(draft, reference.secret), ...revise(draft), again]);
  }
  if (reference) return inSecret(reference.secret, reference.key);
  if (secrets.mode === 'existing') return inSecret(secrets.name, variable);
  if (secrets.mode !== 'external-secrets') return undefined;
  const at = remoteRef(secrets, variable);
  const place = at ? `${at.key}${at.property ? `, ${at.property}` : ''}` : 'where you keep it';
  const change = `In the store behind ${secrets.store.name} write the new value: ${place}.`;
  const inStore = `${variable} is in an external store.`;
  if (secrets.refreshPolicy !== 'CreatedOnce') return told(inStore, [change, ...revise(draft)]);
  // Under CreatedOnce nothing but its absence makes the operator read the store again, and then for the whole Secret.
  const name = secretOf(variable);
  const again = remake(draft, name, 'all keys read from the store anew, also those that were changed there since');
  return told(inStore, [change, backup(draft, name), ...revise(draft), again]);
}

function revise({ name }: Draft): string[] {
  return [
    `In environments/${name}/environment.yaml write another secrets.revision: it rolls the pods and is a new release.`,
    `npx cdk8s-hexclave synth ${name}`,
  ];
}

/** Out of the repository, so that nobody commits it. */
function backup({ name, settings }: Draft, secret: string): string {
  const namespace = namespaceOf(name, settings);
  return `Keep a copy, in case of need: (umask 077; kubectl -n ${namespace} get secret ${secret} -o yaml > ~/${namespace}-${secret}.yaml)`;
}

/**
 * Both objects: newer operators do not make a deleted Secret anew under the creation policy Orphan, older and newer ones
 * make it for an ExternalSecret that is new.
 */
function remake({ name, settings }: Draft, secret: string, how: string): string {
  return `Pods that run go on, and new ones wait until the next step has brought both back, ${how}: kubectl -n ${namespaceOf(name, settings)} delete --ignore-not-found externalsecret/${secret} secret/${secret}`;
}

function rollout({ name, settings }: Draft): string[] {
  const synth = `npx cdk8s-hexclave synth ${name}`;
  if (settings.secrets.mode === 'env-file')
    return [synth, `kubectl apply --server-side --force-conflicts -f dist/${name}`];
  return [`npx cdk8s-hexclave seal ${name}`, synth, 'Commit and push.'];
}

function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `  ${index + 1}. ${line}\n`).join('');
}
