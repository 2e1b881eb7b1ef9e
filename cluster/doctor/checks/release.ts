import type { Item } from '../../kubectl';
import { BED, type Check, RECORDED, type Symptom } from '../check';
import { componentOf, type Facts, linesOf, ofKind, oneOf, podsOf } from '../facts';

export const releaseChecks: readonly Check[] = [
  {
    id: 'gate-waiting',
    weight: 'problem',
    means:
      'A new server pod waits in its gate until the database says that its release is migrated. The old pods serve meanwhile.',
    fix: 'Look at the migration Job of that release: it runs, has failed, or is not there.',
    page: 'docs/how-to/upgrade.md#a-migration-failed',
    test: [BED, 'migration-failed'],
    *look(facts) {
      for (const pod of podsOf(facts, 'server')) {
        const gate = (pod.status?.initContainerStatuses ?? []).find(({ name }: Item) => name === 'release-gate');
        // Pods of a release before that one are still there until the new ones are ready.
        const release = pod.metadata.annotations?.['hexclave.dev/release'] ?? '';
        if (!gate?.state?.running || release !== (currentRelease(facts) ?? release)) continue;
        const said = facts.logs
          .find((log) => log.pod === pod.metadata.name && log.container === 'release-gate')
          ?.lines.at(-1);
        yield {
          object: `Pod/${pod.metadata.name} (server)`,
          since: gate.state.running.startedAt,
          said,
          ...gateWords(facts, release, said ?? ''),
        };
      }
    },
  },
  {
    id: 'migration-failed',
    weight: 'problem',
    means: 'The migrations of a release have failed. The old pods serve; the Job tries again four times.',
    fix: 'Mend what its log names. Then delete the Job and apply again, or raise migration.attempt.',
    page: 'docs/how-to/upgrade.md#a-migration-failed',
    test: [BED, 'migration-failed'],
    *look(facts) {
      yield* failedStep(facts, 'migrate', 'Its migrations have failed');
    },
  },
  {
    id: 'seed-failed',
    weight: 'problem',
    means: 'The migrations went through and the seed has failed: on values of the files, or on data that is there.',
    fix: 'Mend what its log names. For an upgrade the seed can be left out: migration.seed: false.',
    page: 'docs/how-to/upgrade.md#a-migration-failed',
    test: [BED, 'seed-failed'],
    *look(facts) {
      yield* failedStep(facts, 'seed', 'Its seed has failed');
      for (const job of latestJobs(facts)) {
        const said = logOf(facts, job).findLast((line) => /this database was never seeded/.test(line));
        const fix = 'Set migration.seed: true in environment.yaml, synth and apply.';
        if (said)
          yield {
            object: `Job/${job.metadata.name}`,
            message: 'It was told not to seed, and the database has never been.',
            said,
            fix,
          };
      }
    },
  },
  {
    id: 'database-not-reached',
    weight: 'problem',
    means:
      'The migration Job or a gate does not get into PostgreSQL: no answer, a password that is refused, or no such database.',
    fix: 'Mend STACK_DATABASE_CONNECTION_STRING, the database, or network.egress.',
    page: 'docs/how-to/databases.md',
    test: [BED, 'database-not-reached'],
    *look(facts) {
      yield* lastLine(facts, /database not ready \((.*)\)/, (reason) => ({
        message: `It does not get into PostgreSQL: ${reason}.`,
        fix: databaseFix(reason, facts),
      }));
    },
  },
  {
    id: 'clickhouse-not-reached',
    weight: 'problem',
    means: 'The migration Job waits for ClickHouse, which has to be there whenever a release is migrated.',
    fix: 'Mend STACK_CLICKHOUSE_URL, ClickHouse, or network.egress.',
    page: 'docs/how-to/databases.md',
    test: [BED, 'clickhouse-not-reached'],
    *look(facts) {
      yield* lastLine(facts, /ClickHouse not ready \((.*)\)/, (reason) => ({
        message: `It does not reach ClickHouse: ${reason}.`,
        fix: `See that it runs, that STACK_CLICKHOUSE_URL names it, and that network.egress lets the pods through; npx cdk8s-hexclave doctor ${facts.env.name} --probe tries it.`,
      }));
    },
  },
  {
    id: 'migration-lease-held',
    weight: 'note',
    means: 'A migration Job waits for another one that is migrating the same database.',
    fix: 'Let the other one end. A lease that nobody renews expires after a minute.',
    page: 'docs/explanation/migrations.md',
    test: [RECORDED, 'migration-lease-held'],
    *look(facts) {
      yield* lastLine(facts, /waiting for the lease: held by (.*)/, (holder) => ({
        message: `It waits for ${holder}, which migrates the same database.`,
        fix: 'Wait for it. Two environments with one database would do this for ever; each needs its own.',
      }));
    },
  },
  {
    id: 'index-invalid',
    weight: 'note',
    means: 'A migration was killed while it built an index: the index is there and of no use, and a re-run skips it.',
    fix: 'Drop it and run its statement by hand; the log of the Job has both.',
    page: 'docs/how-to/upgrade.md#a-migration-failed',
    test: [RECORDED, 'index-invalid'],
    *look(facts) {
      for (const line of new Set(linesOf(facts, 'migration'))) {
        const [, index] = /warning: index (\S+) is invalid/.exec(line) ?? [];
        if (!index) continue;
        const fix = `In psql: DROP INDEX CONCURRENTLY ${index}; then its CREATE INDEX statement, from the migrations in the image.`;
        yield { object: `index ${index}`, message: 'It was left half-built, and no query uses it.', said: line, fix };
      }
    },
  },
];

/** What the gate waits for, by what has become of the Job. */
function gateWords(facts: Facts, release: string, said: string): Pick<Symptom, 'message' | 'fix'> {
  const name = `hexclave-migrate-${release}`;
  const job = oneOf(facts, 'Job', name);
  const logs = `kubectl logs job/${name} -n ${facts.env.namespace}`;
  const waits = `It waits in its gate for release ${release}`;
  if (!job) {
    const made = facts.wanted.some(({ metadata }) => metadata.name === name);
    return {
      message: `${waits}, and the Job that migrates it is not in the cluster.`,
      fix: made
        ? 'Apply again: the Job is made anew.'
        : `The files make another release by now. Apply it: npx cdk8s-hexclave diff ${facts.env.name} shows it.`,
    };
  }
  if (isFailed(job))
    return { message: `${waits}, whose migration Job has failed.`, fix: `${logs} says why; see migration-failed.` };
  if (job.status?.succeeded) {
    // The gate asks every two seconds.
    return /database not ready/.test(said)
      ? { message: `${waits} and does not get into the database.`, fix: 'See database-not-reached.' }
      : {
          message: `${waits}, whose Job has ended well: it wrote that into another database than the gate reads, or the database was restored to an earlier day.`,
          fix: `Compare the database of Job and server; then delete the Job and apply: kubectl delete job ${name} -n ${facts.env.namespace}`,
        };
  }
  return { message: `${waits}, whose migration Job is not done yet.`, fix: `Wait for it. ${logs} says how far it is.` };
}

function* failedStep(facts: Facts, step: string, words: string): Iterable<Symptom> {
  for (const job of latestJobs(facts)) {
    if (job.status?.succeeded) continue;
    const lines = logOf(facts, job);
    const failed = lines.findLastIndex((line) => line.includes(`step ${step} failed`));
    if (failed < 0) continue;
    const { failed: times = 0 } = job.status ?? {};
    yield {
      object: `Job/${job.metadata.name}`,
      message: `${words}${isFailed(job) ? ' for good' : `, ${times} of 5 attempts so far`}.`,
      said: reasonIn(lines.slice(0, failed), step) ?? lines[failed],
      since: job.metadata.creationTimestamp,
      fix: `kubectl logs job/${job.metadata.name} -n ${facts.env.namespace} has it whole. ${isFailed(job) ? `Mend it, then: kubectl delete job ${job.metadata.name} -n ${facts.env.namespace}, and apply.` : 'It tries again by itself.'}${step === 'seed' ? ' For an upgrade, migration.seed: false leaves the seed out.' : ''}`,
    };
  }
}

/** The error among the lines of a step: the last that names one, with what PostgreSQL says of it. */
function reasonIn(lines: readonly string[], step: string): string | undefined {
  const begun = lines.findLastIndex((line) => line.includes(`step ${step} starts`));
  const own = lines.slice(begun + 1).filter((line) => !/^\s+at /.test(line));
  const named = own.filter((line) => /error|failed|violates|does not exist|already exists|Missing/i.test(line));
  return (named.find((line) => /cause|error:/i.test(line)) ?? named.at(-1) ?? own.at(-1))?.trim();
}

function* lastLine(
  facts: Facts,
  form: RegExp,
  words: (found: string) => Pick<Symptom, 'message' | 'fix'>,
): Iterable<Symptom> {
  for (const log of facts.logs) {
    if (!['migrate', 'release-gate'].includes(log.container) || log.previous) continue;
    const said = log.lines.at(-1) ?? '';
    const [, found] = form.exec(said) ?? [];
    if (found === undefined) continue;
    yield { object: `Pod/${log.pod} (${log.component})`, said, ...words(found) };
  }
}

function databaseFix(reason: string, { env }: Facts): string {
  if (/password refused|28P01/.test(reason))
    return 'Mend the password in STACK_DATABASE_CONNECTION_STRING, or the role’s: ALTER ROLE … PASSWORD.';
  if (/no such database|3D000/.test(reason))
    return 'Make the database, or mend its name at the end of STACK_DATABASE_CONNECTION_STRING.';
  if (/permission denied/.test(reason))
    return 'Give the role the right to create in its database; migrations make tables.';
  if (/ENOTFOUND|EAI_AGAIN/.test(reason))
    return 'The host of STACK_DATABASE_CONNECTION_STRING is not known in the cluster: mend its name.';
  return `See that it runs and that network.egress lets the pods through; npx cdk8s-hexclave doctor ${env.name} --probe tries it.`;
}

/** The migration Job of the release that the Deployment has, or the newest one: those of other releases are history. */
function latestJobs(facts: Facts): Item[] {
  const jobs = ofKind(facts, 'Job')
    .filter((job) => componentOf(job) === 'migration')
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1));
  const current = jobs.filter(({ metadata }) => metadata.labels?.['hexclave.dev/release'] === currentRelease(facts));
  return current.length > 0 ? current : jobs.slice(0, 1);
}

function currentRelease(facts: Facts): string | undefined {
  return oneOf(facts, 'Deployment', 'hexclave-server')?.spec.template.metadata.annotations?.['hexclave.dev/release'];
}

function logOf(facts: Facts, job: Item): string[] {
  const pods = podsOf(facts, 'migration').filter(
    ({ metadata }) => metadata.ownerReferences?.[0]?.name === job.metadata.name,
  );
  const names = pods.map(({ metadata }) => metadata.name);
  return facts.logs.filter(({ pod }) => names.includes(pod)).flatMap(({ lines }) => lines);
}

function isFailed({ status }: Item): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }: Item) => type === 'Failed' && value === 'True');
}
