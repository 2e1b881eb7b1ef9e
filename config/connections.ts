import type { Settings } from './settings';

/**
 * Connections to PostgreSQL that the server can open at once: 25 in every pod, one pod more during a rollout, and the
 * migration Job's own (docs/explanation/server.md#postgresql).
 */
export function connections(replicas: Settings['replicas']): number {
  const pods = (typeof replicas === 'number' ? replicas : replicas.max) + 1;
  return pods * 25 + 25;
}
