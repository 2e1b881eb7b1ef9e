import type { Item } from '../../kubectl';
import { BED, type Check, RECORDED } from '../check';
import { containerStates, eventsOf, type Facts, ofKind, podsOf } from '../facts';
import { at, conditionOf, containerOf } from './pod-states';

/** What becomes of pods that have started. */
export const runningChecks: readonly Check[] = [
  {
    id: 'out-of-memory',
    weight: 'problem',
    means:
      'The kernel has killed a container for its memory. The server starts anew; requests of that moment are lost.',
    fix: 'Raise resources.limits.memory. If it grows without an end, look for errors in the log: every captured error is kept in memory.',
    page: 'docs/explanation/server.md#size',
    test: [BED, 'out-of-memory'],
    *look(facts) {
      for (const pod of podsOf(facts)) {
        for (const { name, state, lastState, restartCount } of containerStates(pod)) {
          const ended = [state?.terminated, lastState?.terminated].find((item) => item?.reason === 'OOMKilled');
          if (!ended) continue;
          const limit = containerOf(pod, name)?.resources?.limits?.memory;
          yield {
            ...at(pod),
            message: `The container ${name} was killed for its memory${limit ? `, at its limit of ${limit}` : ''} (${restartCount} restarts).`,
            since: ended.finishedAt,
            fix: 'Raise the memory limit in environment.yaml; if errors repeat in its log, mend those first, for each is kept in memory.',
          };
        }
      }
    },
  },
  {
    id: 'disk-full',
    weight: 'problem',
    means:
      'A pod was evicted because it wrote more to the node’s disk than its limit, or the node ran short. The work directory of the server takes 3.3 GB.',
    fix: 'Raise the limit of ephemeral-storage, and see that nodes have that much free.',
    page: 'docs/explanation/server.md#the-work-directory',
    test: [BED, 'disk-full'],
    *look(facts) {
      for (const pod of ofKind(facts, 'Pod')) {
        const { reason, message = '' } = pod.status ?? {};
        if (reason !== 'Evicted' || !/ephemeral|emptyDir|DiskPressure/i.test(message)) continue;
        yield {
          ...at(pod),
          message: 'It was evicted for what it had written to the node’s disk.',
          said: message,
          fix: `Raise resources.limits.ephemeral-storage in environment.yaml, then: kubectl delete pod ${pod.metadata.name} -n ${facts.env.namespace}`,
        };
      }
      for (const { pod, container, lines } of facts.logs) {
        const said = lines.findLast((line) => /ENOSPC|No space left on device/.test(line));
        if (!said) continue;
        yield {
          object: `Pod/${pod}`,
          message: `The container ${container} has no space left where it writes.`,
          said,
          fix: 'Raise resources.limits.ephemeral-storage in environment.yaml, or the size of the volume.',
        };
      }
    },
  },
  {
    id: 'restarting',
    weight: 'problem',
    means: 'A container ends again and again.',
    fix: 'Its last words say why.',
    page: 'docs/explanation/server.md',
    test: [BED, 'restarting'],
    *look(facts) {
      for (const pod of podsOf(facts)) {
        for (const { name, state, lastState, restartCount } of containerStates(pod)) {
          const { exitCode, reason, finishedAt } = lastState?.terminated ?? {};
          if (restartCount < 2 || reason === 'OOMKilled' || finishedAt === undefined) continue;
          // One that has run for a while since is well.
          const isOver = state?.running && facts.now.getTime() - Date.parse(finishedAt) > SOME_MINUTES;
          if (isOver) continue;
          yield {
            ...at(pod),
            message: `The container ${name} has ended ${restartCount} times, last with ${exitCode}.`,
            said: lastWords(facts, pod.metadata.name, name),
            since: finishedAt,
            fix: `kubectl logs ${pod.metadata.name} -c ${name} --previous -n ${facts.env.namespace}`,
          };
        }
      }
    },
  },
  {
    id: 'not-ready',
    weight: 'problem',
    means: 'A container runs and does not become ready, so no request reaches it. The probe says what it was told.',
    fix: 'Mend what the probe names: the API with its database, or a page of the dashboard.',
    page: 'docs/explanation/server.md',
    test: [BED, 'not-ready'],
    *look(facts) {
      for (const pod of podsOf(facts)) {
        const condition = conditionOf(pod, 'Ready');
        const running = (pod.status?.containerStatuses ?? []).some(
          ({ state, ready }: Item) => state?.running && !ready,
        );
        if (!running || condition?.status !== 'False') continue;
        const event = eventsOf(facts, 'Pod', pod.metadata.name).find(({ reason }) => reason === 'Unhealthy');
        if (!event) continue;
        yield {
          ...at(pod),
          message: 'It runs and is not ready.',
          said: event.message,
          since: condition.lastTransitionTime,
          fix: `kubectl describe pod ${pod.metadata.name} -n ${facts.env.namespace}; kubectl logs ${pod.metadata.name} -n ${facts.env.namespace}`,
        };
      }
    },
  },
  {
    id: 'rollout-stuck',
    weight: 'problem',
    means: 'A rollout has given up waiting for its new pods. The old ones serve.',
    fix: 'Mend what else is found here, and apply again; or go back with kubectl rollout undo.',
    page: 'docs/how-to/upgrade.md',
    test: [RECORDED, 'rollout-stuck'],
    *look(facts) {
      for (const deployment of ofKind(facts, 'Deployment')) {
        const condition = conditionOf(deployment, 'Progressing');
        if (condition?.reason !== 'ProgressDeadlineExceeded') continue;
        yield {
          object: `Deployment/${deployment.metadata.name}`,
          message: 'Its rollout has given up.',
          said: condition.message,
          since: condition.lastTransitionTime,
          fix: `Mend what else is found, or: kubectl rollout undo deployment/${deployment.metadata.name} -n ${facts.env.namespace}`,
        };
      }
    },
  },
  {
    id: 'pods-together',
    weight: 'note',
    means: 'All server pods run on one node although there are others: with that node the server is gone.',
    fix: 'Delete one of the pods; the scheduler prefers to keep them apart.',
    page: 'docs/reference/environment.md',
    test: [RECORDED, 'pods-together'],
    *look(facts) {
      const nodes = ofKind(facts, 'Node').filter(({ spec }) => !spec?.unschedulable);
      const pods = podsOf(facts, 'server').filter((pod) => conditionOf(pod, 'Ready')?.status === 'True');
      const used = new Set(pods.map(({ spec }) => spec.nodeName));
      if (pods.length < 2 || nodes.length < 2 || used.size > 1) return;
      yield {
        object: 'Deployment/hexclave-server',
        message: `All ${pods.length} pods run on the node ${[...used][0]}.`,
        fix: `kubectl delete pod ${pods[0].metadata.name} -n ${facts.env.namespace}`,
      };
    },
  },
  {
    id: 'autoscaler-at-limit',
    weight: 'note',
    means: 'The autoscaler would run more pods than it may, or cannot measure what it scales by.',
    fix: 'Raise replicas.max, or install a metrics API such as metrics-server.',
    page: 'docs/reference/environment.md',
    test: [RECORDED, 'autoscaler-at-limit'],
    *look(facts) {
      for (const scaler of ofKind(facts, 'HorizontalPodAutoscaler')) {
        const limited = conditionOf(scaler, 'ScalingLimited');
        const active = conditionOf(scaler, 'ScalingActive');
        const object = `HorizontalPodAutoscaler/${scaler.metadata.name}`;
        if (active?.status === 'False' && active.reason !== 'ScalingDisabled') {
          const fix = 'kubectl top pods has to work: install metrics-server, or take a fixed number of replicas.';
          yield {
            object,
            message: 'It cannot measure what it scales by.',
            said: active.message,
            since: active.lastTransitionTime,
            fix,
          };
        }
        if (limited?.status === 'True' && limited.reason === 'TooManyReplicas') {
          const fix = 'Raise replicas.max in environment.yaml; the database has to have connections for them.';
          yield {
            object,
            message: `It is at its maximum of ${scaler.spec.maxReplicas} pods.`,
            since: limited.lastTransitionTime,
            fix,
          };
        }
      }
    },
  },
];

const SOME_MINUTES = 10 * 60_000;

/** The last line that a container has printed before it ended. */
function lastWords({ logs }: Facts, pod: string, container: string): string | undefined {
  const own = logs.filter((log) => log.pod === pod && log.container === container);
  const [said] = [...own.filter(({ previous }) => previous), ...own].filter(({ lines }) => lines.length > 0);
  return said?.lines.at(-1);
}
