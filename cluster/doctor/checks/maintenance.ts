import { patience } from '../../../charts/monitoring/watched';
import type { Item } from '../../kubectl';
import { BED, type Check, RECORDED, type Symptom } from '../check';
import { type Facts, ofKind, podsOf } from '../facts';

const BACKUP = 'hexclave-backup';
const QUEUE = 'hexclave-email-queue-step';

export const maintenanceChecks: readonly Check[] = [
  {
    id: 'cron-secret-refused',
    weight: 'problem',
    means:
      'The server refuses the maintenance calls with 401: it runs with another CRON_SECRET than the CronJobs read. No e-mail is sent until they agree.',
    fix: 'Restart the server, so that it reads the Secret anew; keep CRON_SECRET in one place.',
    page: 'docs/explanation/server.md#maintenance-calls',
    test: [BED, 'cron-secret-refused'],
    *look(facts) {
      yield* failedCalls(facts, /returned error: 401/, {
        message: 'The server answers its calls with 401: it has another CRON_SECRET than this CronJob.',
        fix: `kubectl rollout restart deployment/hexclave-server -n ${facts.env.namespace}, if the Secret has the right one; else mend it first.`,
      });
    },
  },
  {
    id: 'maintenance-not-reached',
    weight: 'problem',
    means: 'Nobody answers the maintenance calls: no server pod is ready, or a policy or a mesh is between.',
    fix: 'Look at the server pods first.',
    page: 'docs/explanation/server.md#maintenance-calls',
    test: [RECORDED, 'maintenance-not-reached'],
    *look(facts) {
      yield* failedCalls(facts, /curl: \((6|7|28)\) (?!.*after \d{5,} milliseconds with)/, {
        message: 'Nobody answers its calls.',
        fix: `kubectl get endpointslices -n ${facts.env.namespace} shows whether a server pod is ready.`,
      });
    },
  },
  {
    id: 'maintenance-failing',
    weight: 'problem',
    means:
      'The server answers a maintenance call with an error, or not within its time. The next tick is the next attempt.',
    fix: 'The log of the server at that time says why.',
    page: 'docs/explanation/server.md#maintenance-calls',
    test: [BED, 'maintenance-failing'],
    *look(facts) {
      yield* failedCalls(facts, /returned error: (?!401)\d+|curl: \(28\) Operation timed out/, {
        message: 'Its calls fail.',
        fix: `kubectl logs -l app.kubernetes.io/component=server -c server -n ${facts.env.namespace} --since=10m`,
      });
    },
  },
  {
    id: 'email-queue-stuck',
    weight: 'problem',
    means: 'No step of the e-mail queue has succeeded for a while. E-mails wait in the database until one does.',
    fix: 'Mend what else is found; what waits is sent then.',
    page: 'docs/explanation/server.md#maintenance-calls',
    test: [BED, 'email-queue-stuck'],
    *look(facts) {
      for (const { metadata, spec, status } of ofKind(facts, 'CronJob')) {
        if (metadata.name !== QUEUE || spec.suspend) continue;
        const since = status?.lastSuccessfulTime ?? metadata.creationTimestamp;
        const failing = lastOf(facts, metadata.name)?.status?.failed;
        if (!failing && minutesSince(facts, since) < minutesAllowed(spec.schedule)) continue;
        const never = status?.lastSuccessfulTime ? '' : ' since it was made';
        yield {
          object: `CronJob/${metadata.name}`,
          message: `No step of the e-mail queue has succeeded${never || ` since ${since}`}: e-mails wait.`,
          since,
          fix: `kubectl get jobs -n ${facts.env.namespace} -l app.kubernetes.io/component=maintenance shows the last calls.`,
        };
      }
    },
  },
  {
    id: 'maintenance-late',
    weight: 'problem',
    means: 'A CronJob has not run for a while: something holds back its Jobs, or the controller.',
    fix: 'kubectl describe cronjob says why.',
    page: 'docs/explanation/kubernetes.md#cronjobs',
    test: [RECORDED, 'maintenance-late'],
    *look(facts) {
      for (const { metadata, spec, status } of ofKind(facts, 'CronJob')) {
        if (!isOurs({ metadata }) || spec.suspend || (status?.active ?? []).length > 0) continue;
        const since = status?.lastScheduleTime ?? metadata.creationTimestamp;
        if (minutesSince(facts, since) < minutesAllowed(spec.schedule)) continue;
        yield {
          object: `CronJob/${metadata.name}`,
          message: 'It has not run for a while.',
          since,
          fix: `kubectl describe cronjob ${metadata.name} -n ${facts.env.namespace}`,
        };
      }
    },
  },
  {
    id: 'backup-failing',
    weight: 'problem',
    means:
      'The last backup has failed: its bucket, its password, the database or the room on its disk. The next one is tried at the next time of its schedule.',
    fix: 'Mend what its log names and take one by hand.',
    page: 'docs/how-to/backup.md',
    test: [RECORDED, 'backup-failing'],
    *look(facts) {
      yield* failedCalls(
        facts,
        /\S/,
        {
          message: 'Its last run has failed.',
          fix: `kubectl logs -l app.kubernetes.io/component=backup -n ${facts.env.namespace} has it whole; then: kubectl create job backup-by-hand -n ${facts.env.namespace} --from=cronjob/${BACKUP}`,
        },
        BACKUP,
      );
    },
  },
  {
    id: 'maintenance-suspended',
    weight: 'problem',
    means: 'A CronJob is suspended that the manifests want to run.',
    fix: 'Let it run again; the manifests do that, too, once they are applied.',
    page: 'docs/explanation/server.md#maintenance-calls',
    test: [BED, 'maintenance-suspended'],
    *look(facts) {
      for (const { metadata, spec } of ofKind(facts, 'CronJob')) {
        const wanted = facts.wanted.find((item) => item.kind === 'CronJob' && item.metadata.name === metadata.name);
        if (!spec.suspend || !wanted || wanted.spec.suspend) continue;
        yield {
          object: `CronJob/${metadata.name}`,
          message: 'It is suspended, by hand.',
          fix: `kubectl patch cronjob ${metadata.name} -n ${facts.env.namespace} --type=merge -p '{"spec":{"suspend":false}}'`,
        };
      }
    },
  },
];

function isOurs({ metadata }: Item): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'cdk8s-hexclave';
}

/** CronJobs whose last call has failed with such words. */
function* failedCalls(
  facts: Facts,
  form: RegExp,
  words: Pick<Symptom, 'message' | 'fix'>,
  only?: string,
): Iterable<Symptom> {
  for (const cron of ofKind(facts, 'CronJob')) {
    // A backup says itself what it misses, in words like those of a call.
    if (only ? cron.metadata.name !== only : cron.metadata.name === BACKUP) continue;
    const job = lastOf(facts, cron.metadata.name);
    if (!job?.status?.failed) continue;
    const pods = podsOf(facts).filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === job.metadata.name);
    const names = pods.map(({ metadata }) => metadata.name);
    const said = facts.logs
      .filter(({ pod }) => names.includes(pod))
      .flatMap(({ lines }) => lines)
      .findLast((line) => form.test(line));
    if (said) yield { object: `CronJob/${cron.metadata.name}`, said, since: job.status.startTime, ...words };
  }
}

/** The newest Job of a CronJob that has ended. */
function lastOf(facts: Facts, cron: string): Item | undefined {
  return ofKind(facts, 'Job')
    .filter(
      ({ metadata, status }) => metadata.ownerReferences?.[0]?.name === cron && (status?.failed || status?.succeeded),
    )
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))[0];
}

function minutesSince({ now }: Facts, time: string): number {
  return (now.getTime() - Date.parse(time)) / 60_000;
}

/** How long to wait for a success, in minutes. What runs on days of the year is not judged by the time. */
function minutesAllowed(schedule: string): number {
  const seconds = patience(schedule);
  return seconds === undefined ? Number.POSITIVE_INFINITY : seconds / 60;
}
