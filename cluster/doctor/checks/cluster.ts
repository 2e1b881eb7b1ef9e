import { mendMissing } from '../../definitions';
import { BED, type Check, RECORDED } from '../check';
import { componentOf, type Facts, ofKind, oneOf } from '../facts';
import { attempts } from './refusals';

/** The first minor version of Kubernetes 1 that has all that the manifests use: replacement of failed pods, native sidecars. */
const OLDEST = 29;

export const clusterChecks: readonly Check[] = [
  {
    id: 'cluster-too-old',
    weight: 'problem',
    means: `The API server is older than Kubernetes 1.${OLDEST}. Fields that the manifests rely on are dropped without a word there.`,
    fix: `Upgrade the cluster to 1.${OLDEST} or newer.`,
    page: 'docs/explanation/kubernetes.md',
    test: [RECORDED, 'cluster-too-old'],
    *look({ version }) {
      const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
      if (major !== '1' || Number(minor) >= OLDEST) return;
      const message = `The API server is ${version}; these manifests need 1.${OLDEST} or newer.`;
      yield { object: 'cluster', message, fix: `Upgrade the cluster to 1.${OLDEST} or newer.` };
    },
  },
  {
    id: 'not-applied',
    weight: 'problem',
    means: 'The namespace or the server is not in the cluster: nothing was applied, or to another cluster or context.',
    fix: 'Apply dist/<name>, or name the right --context.',
    page: 'docs/how-to/upgrade.md',
    test: [BED, 'says that nothing is applied'],
    *look({ env, namespaced, items, unseen }) {
      const fix = `If it is the right cluster (kubectl config current-context): npx cdk8s-hexclave synth ${env.name}, and apply dist/${env.name}.`;
      if (!namespaced) {
        yield { object: `Namespace/${env.namespace}`, message: 'The namespace is not in the cluster.', fix };
      } else if (
        !oneOf({ items }, 'Deployment', 'hexclave-server') &&
        !unseen.some(({ what }) => what === 'deployments')
      ) {
        yield { object: 'Deployment/hexclave-server', message: 'The server is not in the cluster.', fix };
      }
    },
  },
  {
    id: 'definition-missing',
    weight: 'problem',
    means:
      'The cluster does not know a kind of object that the manifests hold, so an apply leaves it out and ends with an error.',
    fix: 'Install the controller that it belongs to, with its definitions, or turn off the field that asks for it.',
    page: 'docs/how-to/alerts.md',
    test: [BED, 'definition-missing'],
    *look({ unknownKinds, wanted }) {
      for (const kind of unknownKinds) {
        const [name, ...group] = kind.split('.');
        const object = wanted.find((item) => item.kind === name);
        yield {
          object: object ? `${name}/${object.metadata.name}` : kind,
          message: `The cluster does not know the kind ${name} of ${group.join('.')}.`,
          fix: mendMissing(group.join('.')),
        };
      }
    },
  },
  {
    id: 'release-differs',
    weight: 'note',
    means: 'The cluster has another release than the files make, or server pods that were started with other settings.',
    fix: 'npx cdk8s-hexclave diff <name> shows what differs; synth and apply bring it there.',
    page: 'docs/how-to/upgrade.md',
    test: [BED, 'compares the Secret in the cluster with the files'],
    *look({ env, items, wanted }) {
      const [there, made] = [oneOf({ items }, 'Deployment', SERVER), wanted.find(isServer)].map(
        (deployment) => deployment?.spec.template.metadata.annotations ?? {},
      );
      if (Object.keys(there).length === 0) return;
      const differs = DIGESTS.filter((name) => there[name] !== made[name]);
      if (differs.length === 0) return;
      const what = differs.includes(DIGESTS[0])
        ? `release ${there[DIGESTS[0]]}, the files make ${made[DIGESTS[0]]}`
        : 'other settings than the files';
      yield {
        object: `Deployment/${SERVER}`,
        message: `It has ${what}.`,
        fix: `npx cdk8s-hexclave diff ${env.name} says what an apply would change.`,
      };
    },
  },
  {
    id: 'pod-security-refused',
    weight: 'problem',
    means:
      'Pod Security refuses a pod, because a patch or a webhook has taken its hardening away, or another policy is enforced than restricted.',
    fix: 'Give the pod back what the message names; the manifests as they are pass restricted.',
    page: 'docs/how-to/patches-and-extra-objects.md',
    test: [BED, 'pod-security-refused'],
    *look(facts) {
      for (const { object, said, since } of attempts(facts)) {
        const [, violated] = /violates PodSecurity ("[^"]*")/.exec(said) ?? [];
        if (!violated) continue;
        yield {
          object,
          message: `Its pods are refused by Pod Security ${violated}.`,
          said,
          since,
          fix: `Look for a patch, a sidecar or a webhook that changes the pod, and at the labels of kubectl get namespace ${facts.env.namespace} --show-labels.`,
        };
      }
    },
  },
  {
    id: 'quota-exceeded',
    weight: 'problem',
    means:
      'A ResourceQuota or a LimitRange of the namespace leaves no room for a pod, so it is not even made. A rollout needs room for one pod more.',
    fix: 'Raise the quota, or ask for less in environment.yaml.',
    page: 'docs/reference/environment.md',
    test: [BED, 'quota-exceeded'],
    *look(facts) {
      for (const { object, said, since } of attempts(facts)) {
        if (!/exceeded quota|(maximum|minimum) \S+ usage per|must specify (limits|requests)/.test(said)) continue;
        const [, quota] = /exceeded quota: ([^,\s]+)/.exec(said) ?? [];
        yield {
          object,
          message: quota
            ? `The quota ${quota} leaves no room for its pod.`
            : 'The limits of the namespace refuse its pod.',
          said,
          since,
          fix: `kubectl describe quota,limitrange -n ${facts.env.namespace} shows what is used; raise it, or lower replicas or resources in environment.yaml.`,
        };
      }
    },
  },
  {
    id: 'admission-refused',
    weight: 'problem',
    means: 'A policy or a webhook of the cluster refuses a pod, or does not answer and is asked first.',
    fix: 'Whoever runs the cluster knows the policy by its name; a patch can give the pod what it asks for.',
    page: 'docs/how-to/patches-and-extra-objects.md',
    test: [RECORDED, 'admission-refused'],
    *look(facts) {
      for (const { object, said, since } of attempts(facts)) {
        if (!/admission webhook|ValidatingAdmissionPolicy|failed calling webhook/.test(said)) continue;
        yield {
          object,
          message: 'A policy of the cluster refuses its pods.',
          said,
          since,
          fix: 'Ask whoever runs the cluster about the policy that it names.',
        };
      }
    },
  },
  {
    id: 'drain-blocked',
    weight: 'note',
    means: 'A disruption budget allows no pod to go although all are healthy, so that a drained node waits for ever.',
    fix: 'Run more replicas than the budget keeps, or delete a budget that is not from these manifests.',
    page: 'docs/reference/environment.md',
    test: [BED, 'drain-blocked'],
    *look(facts) {
      for (const { metadata, status, spec } of ofKind(facts, 'PodDisruptionBudget')) {
        const { expectedPods = 0, currentHealthy = 0, disruptionsAllowed = 0 } = status ?? {};
        if (expectedPods === 0 || currentHealthy < expectedPods || disruptionsAllowed > 0) continue;
        const ours = metadata.labels?.['app.kubernetes.io/managed-by'] === 'cdk8s-hexclave';
        yield {
          object: `PodDisruptionBudget/${metadata.name}`,
          message: `It lets none of ${expectedPods} healthy pods go (${JSON.stringify(spec.minAvailable ?? spec.maxUnavailable)}), so no node with one of them can be drained.`,
          fix: ours
            ? 'Raise replicas in environment.yaml.'
            : `It is not from these manifests. Delete or relax it: kubectl get pdb ${metadata.name} -n ${facts.env.namespace} -o yaml.`,
        };
      }
    },
  },
  {
    id: 'node-in-trouble',
    weight: 'note',
    means: 'A node on which pods of the environment run is not ready, or short of memory, disk or process ids.',
    fix: 'kubectl describe node says what it is short of.',
    page: 'docs/reference/environment.md',
    test: [RECORDED, 'node-in-trouble'],
    *look(facts) {
      const used = new Set(ofKind(facts, 'Pod').map(({ spec }) => spec.nodeName));
      for (const { metadata, status } of ofKind(facts, 'Node')) {
        if (!used.has(metadata.name)) continue;
        for (const { type, status: value, message, lastTransitionTime } of status.conditions ?? []) {
          const bad = type === 'Ready' ? value !== 'True' : /Pressure$/.test(type) && value === 'True';
          if (!bad) continue;
          yield {
            object: `Node/${metadata.name}`,
            message: type === 'Ready' ? 'The node is not ready.' : `The node has ${type}.`,
            said: message,
            since: lastTransitionTime,
            fix: `kubectl describe node ${metadata.name}`,
          };
        }
      }
    },
  },
];

const SERVER = 'hexclave-server';
const DIGESTS = ['hexclave.dev/release', 'hexclave.dev/configuration'] as const;

function isServer({ kind, metadata }: Facts['wanted'][number]): boolean {
  return kind === 'Deployment' && metadata.name === SERVER && componentOf({ metadata }) === 'server';
}
