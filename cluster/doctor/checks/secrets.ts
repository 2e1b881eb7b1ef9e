import { contract } from '../../../config/contract';
import { fingerprints } from '../../../config/secrets/fingerprint';
import type { Item } from '../../kubectl';
import { BED, type Check, RECORDED } from '../check';
import type { Facts } from '../facts';

export const secretChecks: readonly Check[] = [
  {
    id: 'secret-not-there',
    weight: 'problem',
    means: 'The Secret with the server’s secrets is not in the namespace: no pod starts anew.',
    fix: 'Apply it, or see why its controller does not make it.',
    page: 'docs/explanation/secrets.md',
    test: [BED, 'secret-not-there'],
    *look({ env, secret, namespaced }) {
      if (secret !== null || !namespaced) return;
      yield {
        object: `Secret/${env.secretName}`,
        message: 'It is not in the namespace, and no pod that starts from now on gets its secrets.',
        fix:
          env.settings.secrets.mode === 'env-file'
            ? `npx cdk8s-hexclave synth ${env.name}, and apply dist/${env.name} with its file 11-secret.`
            : `npx cdk8s-hexclave preflight ${env.name} says what it has to hold.`,
      };
    },
  },
  {
    id: 'secret-drift',
    weight: 'problem',
    means:
      'Secrets in the cluster are others than in the files: somebody has changed them in one place. The next apply, or the next start of a pod, brings the change.',
    fix: 'Decide which is right: apply the files, or write the cluster’s into them.',
    page: 'docs/explanation/secrets.md',
    test: [BED, 'compares the Secret in the cluster with the files'],
    *look(facts) {
      const differing = drift(facts);
      if (differing.length === 0) return;
      yield {
        object: `Secret/${facts.env.secretName}`,
        message: `It differs from the files in ${differing.join(', ')}.`,
        fix: `npx cdk8s-hexclave diff ${facts.env.name} shows fingerprints. If the files are right, apply; if the cluster is, write its values into them before anything is applied.`,
      };
    },
  },
  {
    id: 'secret-not-synced',
    weight: 'problem',
    means:
      'A controller does not make a Secret: it does not reach the store, finds no such entry, or cannot open what was sealed.',
    fix: 'Its object says why.',
    page: 'docs/explanation/secrets.md',
    test: [RECORDED, 'secret-not-synced'],
    *look({ items, env }) {
      for (const { kind, metadata, status } of items) {
        if (!/^(ExternalSecret|SealedSecret)$/.test(kind)) continue;
        const condition = (status?.conditions ?? []).find(({ type }: Item) => /^(Ready|Synced)$/.test(type));
        if (condition?.status === 'True') continue;
        yield {
          object: `${kind}/${metadata.name}`,
          message: condition ? 'Its Secret is not made.' : 'No controller has looked at it.',
          said: condition?.message,
          since: condition?.lastTransitionTime,
          fix: `kubectl describe ${kind.toLowerCase()} ${metadata.name} -n ${env.namespace}`,
        };
      }
    },
  },
];

/** Variables whose values in the cluster are others than in the files, as far as both are known; by keyed hashes. */
function drift({ env, secret }: Facts): string[] {
  const key = env.secrets?.STACK_SERVER_SECRET ?? secret?.STACK_SERVER_SECRET;
  if (!secret || !key) return [];
  const { mode } = env.settings.secrets;
  if (mode === 'existing' || mode === 'external-secrets') return [];
  const there = fingerprints({ ...secret, STACK_SERVER_SECRET: key });
  const own = fingerprints(secret);
  const migrationOnly = new Set(contract.filter(({ scope }) => scope === 'migration').map(({ name }) => name));
  const names = new Set([...Object.keys(secret), ...(env.secretNames ?? Object.keys(env.secrets ?? {}))]);
  return [...names]
    .filter(
      (name) =>
        !migrationOnly.has(name) && env.fingerprints[name] !== (name === 'STACK_SERVER_SECRET' ? own : there)[name],
    )
    .sort();
}
