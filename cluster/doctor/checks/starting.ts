import type { Item } from '../../kubectl';
import { BED, type Check } from '../check';
import { eventsOf, ofKind, podsOf } from '../facts';
import { at, conditionOf, containerOf, waiting } from './pod-states';

/** What keeps a pod from starting. */
export const startingChecks: readonly Check[] = [
  {
    id: 'image-not-pulled',
    weight: 'problem',
    means: 'A node cannot get an image: it does not exist, the registry asks for a login, or it is not reached.',
    fix: 'Mend image.tag or digest, imagePullSecrets or registry; npx cdk8s-hexclave images <name> --check asks the registries.',
    page: 'docs/how-to/closed-network.md',
    test: [BED, 'image-not-pulled'],
    *look(facts) {
      for (const { pod, container, state } of waiting(
        facts,
        /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable)$/,
      )) {
        const failed = eventsOf(facts, 'Pod', pod.metadata.name).find(({ message }) =>
          /^Failed to pull image/.test(message),
        );
        const said: string = failed?.message ?? state.message ?? '';
        yield {
          ...at(pod),
          message: `The image ${imageOf(pod, container)} is not pulled: ${reasonOf(said)}.`,
          said: said.replace(/^Failed to pull image "[^"]*": /, ''),
          fix: `npx cdk8s-hexclave images ${facts.env.name} --check says which images the registries have; a private one needs imagePullSecrets in environment.yaml.`,
        };
      }
    },
  },
  {
    id: 'secret-key-missing',
    weight: 'problem',
    means: 'A container cannot be made, because a Secret or a ConfigMap that it reads is not there or lacks a key.',
    fix: 'npx cdk8s-hexclave preflight <name> names what is missing.',
    page: 'docs/how-to/secrets-existing.md',
    test: [BED, 'secret-key-missing'],
    *look(facts) {
      for (const { pod, container, state } of waiting(facts, /^CreateContainer(Config)?Error$/)) {
        yield {
          ...at(pod),
          message: `The container ${container} cannot be made.`,
          said: state.message,
          fix: `npx cdk8s-hexclave preflight ${facts.env.name} names every key that the pods read and the cluster lacks.`,
        };
      }
    },
  },
  {
    id: 'unschedulable',
    weight: 'problem',
    means:
      'No node takes a pod: too little free CPU or memory, a taint, a selector that fits none, or a volume elsewhere.',
    fix: 'Add a node, or lower resources, nodeSelector or tolerations in environment.yaml.',
    page: 'docs/reference/environment.md',
    test: [BED, 'unschedulable'],
    *look(facts) {
      for (const pod of podsOf(facts)) {
        const condition = conditionOf(pod, 'PodScheduled');
        if (condition?.status !== 'False' || condition.reason !== 'Unschedulable') continue;
        if (/unbound immediate PersistentVolumeClaims|didn't find available persistent volumes/.test(condition.message))
          continue;
        yield {
          ...at(pod),
          message: 'No node takes it.',
          said: condition.message,
          since: condition.lastTransitionTime,
          fix: 'kubectl describe nodes shows what is free; resources, nodeSelector and tolerations in environment.yaml decide what is asked.',
        };
      }
    },
  },
  {
    id: 'volume-pending',
    weight: 'problem',
    means: 'A volume claim waits: its storage class does not exist, there is no default one, or the provisioner fails.',
    fix: 'Name a class of kubectl get storageclass in stores.<store>.storageClassName.',
    page: 'docs/how-to/databases.md',
    test: [BED, 'volume-pending'],
    *look(facts) {
      for (const claim of ofKind(facts, 'PersistentVolumeClaim')) {
        if (claim.status?.phase !== 'Pending') continue;
        const event = eventsOf(facts, 'PersistentVolumeClaim', claim.metadata.name).find(
          ({ reason }) =>
            !/^(WaitForFirstConsumer|WaitForPodScheduled|ExternalProvisioning|Provisioning)$/.test(reason),
        );
        if (!event) continue;
        yield {
          object: `PersistentVolumeClaim/${claim.metadata.name}`,
          message: `It waits for a volume of the class ${claim.spec.storageClassName ?? '(none, and the cluster has no default)'}.`,
          said: event.message,
          since: claim.metadata.creationTimestamp,
          fix: 'kubectl get storageclass lists the classes. A claim keeps the class that it began with: name another one in environment.yaml, delete StatefulSet and claim, and apply.',
        };
      }
    },
  },
];

function imageOf(pod: Item, container: string): string {
  return containerOf(pod, container)?.image ?? '';
}

function reasonOf(said: string): string {
  if (/not found|manifest unknown|does not exist/i.test(said)) return 'there is none of that name and tag';
  if (/unauthorized|denied|forbidden|authorization failed/i.test(said)) return 'the registry asks for a login';
  if (/no such host|network is unreachable|i\/o timeout|connection refused|dial tcp/i.test(said))
    return 'the registry is not reached';
  return 'the node says';
}
