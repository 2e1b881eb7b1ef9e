import { CLUSTER_FIELDS } from '../../config/pods';
import { podFields } from '../../config/settings/pods';
import { code, table } from './markdown';

/** Fields of the pods that stand at the top level as well, for every pod or for those that are named. */
const TOP_LEVEL: Readonly<Record<string, string>> = {
  annotations: '`annotations`',
  labels: '`labels`',
  nodeSelector: '`nodeSelector`',
  tolerations: '`tolerations`',
  priorityClassName: '`priorityClassName`, not for maintenance',
};

/** Which field reaches which pods: the same ones everywhere, but for pods that an operator makes. */
export function podTable(): string {
  const rows = Object.keys(podFields).map((field) => [
    code(field),
    TOP_LEVEL[field] ?? '',
    ...['server', 'migration', 'maintenance', 'stores', 'renderer', 'backup'].map((group) => code(`pods.${group}`)),
    byOperator(field),
  ]);
  const resources = [
    code('resources'),
    '',
    '`resources`; the gate: `migration.gateResources`',
    '`migration.resources`',
    '`maintenance.resources`',
    '`stores.*.resources`',
    '`stores.renderer.concurrency`',
    '`backup.resources`',
    '`stores.postgres.resources`',
  ];
  return `
## Fields of the pods

\`pods.all\` goes to every pod, \`pods.<name>\` to those of that name. Of a field that is written several times, maps are laid
over each other, lists are put together in this order, and of a single value the last one counts: top level, \`pods.all\`,
\`pods.<name>\`. Sidecars, volumes and the rest reach the migration Job and the CronJobs as they reach the server.

${table(
  [
    'Field',
    'Top level',
    'Server',
    'Migration Job',
    'Maintenance CronJobs',
    'Stores',
    'Renderer',
    'Backups',
    'CloudNativePG’s pods',
  ],
  [...rows, resources],
)}`;
}

function byOperator(field: string): string {
  if (field === 'serviceAccount') return 'its annotations';
  return CLUSTER_FIELDS.some((known) => known === field) ? '`pods.stores`' : 'by a patch';
}
