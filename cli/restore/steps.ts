import { RESTORE_JOB } from '../../charts/backup/restore';
import type { Environment } from '../../config/environment';
import { join } from '../../config/paths';
import { APPLY, type Step } from '../steps';

/** What a restore takes, in order; each step can be done again. The same ones are printed and, with --apply, run. */
export function restoreSteps(env: Environment, files: readonly string[], job: string): Step[] {
  const folder = join('dist', env.name);
  const inNamespace = ['--namespace', env.namespace];
  const before = files.filter((file) => file < '30-');
  return [
    {
      why: 'What the restore stands on, in case it is gone: namespace, Secrets, the database’s own pod.',
      args: [...APPLY, ...before.flatMap((file) => ['--filename', join(folder, file)])],
    },
    {
      why: 'Nobody may use the database meanwhile: the server ends, with migration Jobs and an earlier restore.',
      args: [
        ...['delete', 'deployments,jobs', ...inNamespace, '--cascade=foreground', '--selector'],
        `app.kubernetes.io/name=hexclave,app.kubernetes.io/instance=${env.name},app.kubernetes.io/component in (server,migration)`,
      ],
    },
    {
      why: 'The same for an earlier restore.',
      args: ['delete', 'job', RESTORE_JOB, ...inNamespace, '--ignore-not-found', '--cascade=foreground'],
    },
    { why: 'The backup comes back, in one transaction.', args: [...APPLY, '--filename', job] },
    {
      why: 'What it says. Go on when it ends with “restored and counted”.',
      args: ['logs', `job/${RESTORE_JOB}`, ...inNamespace, '--all-containers', '--follow', '--pod-running-timeout=10m'],
    },
    {
      why: 'Everything again: the migration Job runs, for the image may be newer than the backup, and then the server.',
      args: [...APPLY, '--filename', folder],
    },
  ];
}
