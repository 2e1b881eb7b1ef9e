import type { Item } from '../../kubectl';
import type { Symptom } from '../check';
import { componentOf, containerStates, type Facts, podsOf } from '../facts';

/** The containers that wait for a reason of this form. */
export function waiting(facts: Facts, reason: RegExp): { pod: Item; container: string; state: Item; status: Item }[] {
  return podsOf(facts).flatMap((pod) =>
    containerStates(pod)
      .filter(({ state }) => state?.waiting && reason.test(state.waiting.reason))
      .map((status) => ({ pod, container: status.name, state: status.state.waiting, status })),
  );
}

export function at(pod: Item): Pick<Symptom, 'object' | 'since'> {
  const component = componentOf(pod);
  return {
    object: `Pod/${pod.metadata.name}${component ? ` (${component})` : ''}`,
    since: pod.metadata.creationTimestamp,
  };
}

export function conditionOf({ status }: Item, type: string): Item | undefined {
  return (status?.conditions ?? []).find((condition: Item) => condition.type === type);
}

export function containerOf({ spec }: Item, name: string): Item | undefined {
  return [...(spec.initContainers ?? []), ...spec.containers].find((container) => container.name === name);
}
