import type { Environment } from '../../config/environment';
import { NAME } from '../metadata';

/** A CronJob of the environment, and how long it may go without success before somebody should look. */
export interface Watched {
  readonly cronJob: string;
  readonly seconds: number;
}

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** The calls of the maintenance endpoints, the e-mail queue's aside. What runs on a day of the year is not watched by the clock. */
export function watchedCalls(env: Environment): Watched[] {
  const { schedule, extra, ...chosen } = env.settings.maintenance;
  return [
    ...(chosen.sequencer ? watched('sync-sequencer', schedule) : []),
    ...((chosen.poller ?? env.qstash) ? watched('sync-poller', schedule) : []),
    ...(chosen.workflowEngineStep ? watched('workflow-engine-step', schedule) : []),
    ...(chosen.issuesReconciler ? watched('issues-reconciler', '*/5 * * * *') : []),
    ...Object.entries(extra).flatMap(([name, call]) => watched(name, call.schedule ?? schedule)),
  ];
}

/** The step of the e-mail queue: without it no e-mail is sent. */
export function watchedQueue(env: Environment): Watched[] {
  return env.settings.maintenance.emailQueueStep ? watched('email-queue-step', env.settings.maintenance.schedule) : [];
}

/** The backup: the night after one that has failed is too late to hear of it. */
export function watchedBackups({ settings }: Environment): Watched[] {
  const pace = settings.backup && paceOf(settings.backup.schedule);
  return pace === undefined ? [] : [{ cronJob: `${NAME}-backup`, seconds: pace + BACKUP_TAKES }];
}

/** The restore test: backups that nobody can restore are none. */
export function watchedRestoreTests({ settings }: Environment): Watched[] {
  const pace = settings.backup?.restoreTest && paceOf(settings.backup.restoreTest.schedule);
  return pace === undefined ? [] : [{ cronJob: `${NAME}-restore-test`, seconds: pace + RESTORE_TAKES }];
}

/** As long as its Job may take, and an hour for a controller that was away. */
const BACKUP_TAKES = 7 * 60 * MINUTE;
const RESTORE_TAKES = 13 * 60 * MINUTE;

function watched(name: string, schedule: string): Watched[] {
  const seconds = patience(schedule);
  return seconds === undefined ? [] : [{ cronJob: `${NAME}-${name}`, seconds }];
}

/** Three runs and a quarter of an hour without success; undefined for a schedule whose pace does not show. */
export function patience(schedule: string): number | undefined {
  const pace = paceOf(schedule);
  return pace === undefined ? undefined : 3 * pace + 15 * MINUTE;
}

function paceOf(schedule: string): number | undefined {
  if (/^@hourly$/.test(schedule)) return 60 * MINUTE;
  if (/^@(daily|midnight)$/.test(schedule)) return DAY;
  if (schedule === '@weekly') return 7 * DAY;
  const [minute = '', hour = '', ...days] = schedule.trim().split(/\s+/);
  const isOnce = /^\d+$/.test(minute) && /^\d+$/.test(hour);
  if (isOnce && /^\* \* ([0-7]|[a-z]{3})$/i.test(days.join(' '))) return 7 * DAY;
  if (days.join(' ') !== '* * *') return undefined;
  const [every, hours] = [stepOf(minute, 60), stepOf(hour, 24)];
  if (hour === '*') return every === undefined ? undefined : every * MINUTE;
  if (/^\d+$/.test(minute)) return hours === undefined ? undefined : hours * 60 * MINUTE;
  return undefined;
}

/** How many units lie between two times of a field: 5 of `*\/5`, all of them of one number. */
function stepOf(field: string, all: number): number | undefined {
  const [, step = '1'] = /^\*(?:\/(\d+))?$/.exec(field) ?? [];
  if (field.startsWith('*')) return /^\*(\/\d+)?$/.test(field) ? Number(step) : undefined;
  return /^\d+$/.test(field) ? all : undefined;
}
