import type { CheckGroup } from '../check';
import { clusterChecks } from './cluster';
import { edgeChecks } from './edge';
import { maintenanceChecks } from './maintenance';
import { reachChecks } from './reach';
import { releaseChecks } from './release';
import { runningChecks } from './running';
import { secretChecks } from './secrets';
import { serviceChecks } from './services';
import { startingChecks } from './starting';

/** All that `doctor` looks for, causes before what comes of them. */
export const checkGroups: readonly CheckGroup[] = [
  { title: 'The cluster and its rules', checks: clusterChecks },
  { title: 'Secrets', checks: secretChecks },
  { title: 'Pods that do not start', checks: startingChecks },
  { title: 'Pods that run', checks: runningChecks },
  { title: 'Migrations and releases', checks: releaseChecks },
  { title: 'Maintenance and e-mail', checks: maintenanceChecks },
  { title: 'What the server needs', checks: serviceChecks },
  { title: 'What a pod reaches', checks: reachChecks },
  { title: 'Hosts and certificates', checks: edgeChecks },
];
