import type { Document } from '../../charts/documents';
import { componentOf, Draft, type Graph, isWorkload, type Node, podsOf, WORKLOADS } from './model';
import { addSecrets } from './secrets';
import { addTraffic } from './traffic';

/** Reads a graph from the objects of an environment. */
export function graphOf(name: string, objects: readonly Document[]): Graph {
  const draft = new Draft(objects);
  for (const workload of workloads(objects)) draft.node(workload);
  addTraffic(draft);
  addSecrets(draft);
  return { name, nodes: [...draft.nodes.values()], edges: [...draft.edges.values()] };
}

/** Several objects of one component, such as the CronJobs, are one node. */
function* workloads(objects: readonly Document[]): Iterable<Node> {
  const made = objects.filter(isWorkload);
  for (const component of new Set(made.map(componentOf))) {
    const together = made.filter((object) => componentOf(object) === component);
    const [first] = together;
    const names = together.map((object) => object.metadata.name as string);
    yield {
      id: podsOf(component),
      group: WORKLOADS[first.kind]!,
      title: together.length === 1 ? names[0]! : component,
      lines: together.length === 1 ? [describe(first)] : [...names, `${together.length} ${first.kind}s`],
    };
  }
}

function describe({ kind, spec }: Document): string {
  const replicas = spec.replicas ?? spec.instances;
  const volume = spec.volumeClaimTemplates?.[0]?.spec.resources.requests.storage ?? spec.storage?.size;
  const parts = [kind, replicas > 1 ? `${replicas} replicas` : '', volume ? `volume of ${volume}` : ''];
  return parts.filter(Boolean).join(', ');
}
