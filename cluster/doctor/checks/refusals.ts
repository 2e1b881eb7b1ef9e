import type { Item } from '../../kubectl';
import { type Facts, ofKind, timeOf } from '../facts';

/** A pod that something wants to make, and that is refused. */
export interface Attempt {
  readonly object: string;
  readonly said: string;
  readonly since?: string;
}

/**
 * Who could not make its pods, one line each. A Deployment says it in its conditions for as long as it lasts; of Jobs and
 * StatefulSets there are events, which count while the object still lacks pods.
 */
export function attempts(facts: Facts): Attempt[] {
  const found = new Map<string, Attempt>();
  for (const { metadata, status } of ofKind(facts, 'Deployment')) {
    const failure = (status?.conditions ?? []).find(
      ({ type, status: value }: Item) => type === 'ReplicaFailure' && value === 'True',
    );
    const object = `Deployment/${metadata.name}`;
    if (failure) found.set(object, { object, said: failure.message, since: failure.lastTransitionTime });
  }
  for (const event of ofKind(facts, 'Event')) {
    const { reason, message, involvedObject, firstTimestamp } = event;
    if (reason !== 'FailedCreate' || !/^(Job|StatefulSet|CronJob)$/.test(involvedObject.kind)) continue;
    const { kind, name } = involvedObject;
    const owner = ofKind(facts, kind).find(({ metadata }) => metadata.name === name);
    if (!owner || !lacksPods(owner)) continue;
    const object = `${kind}/${name}`;
    if (!found.has(object)) found.set(object, { object, said: message, since: firstTimestamp ?? timeOf(event) });
  }
  return [...found.values()];
}

function lacksPods({ kind, spec, status }: Item): boolean {
  if (kind === 'StatefulSet') return (status?.replicas ?? 0) < (spec.replicas ?? 1);
  return kind === 'Job' ? !(status?.active || status?.succeeded) : true;
}
