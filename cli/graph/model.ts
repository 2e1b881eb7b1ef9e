import type { Document } from '../../charts/documents';
/** Where a node stands; also what colour it has. */
export type Group = 'outside' | 'service' | 'pod' | 'job' | 'store' | 'secret';

export interface Node {
  readonly id: string;
  readonly group: Group;
  /** What it is called, e.g. `hexclave-server`. */
  readonly title: string;
  /** What it is, e.g. `Deployment, 2 replicas`. */
  readonly lines: readonly string[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `traffic`: a connection that a policy allows or a Service passes on; `reads`: values of a Secret. */
  readonly kind: 'traffic' | 'reads';
  /** @default - none */
  readonly label?: string;
}

/** An environment as a picture knows it: names alone, no value of a variable. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** A graph in the making. Nodes and edges that are there already are not added again. */
export class Draft {
  readonly nodes = new Map<string, Node>();
  readonly edges = new Map<string, Edge>();

  constructor(readonly objects: readonly Document[]) {}

  node(node: Node): string {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
    return node.id;
  }

  edge(edge: Edge): void {
    const key = `${edge.kind} ${edge.from} ${edge.to}`;
    const label = [...new Set([this.edges.get(key)?.label, edge.label].filter(Boolean))].join(', ');
    this.edges.set(key, { ...edge, ...(label ? { label } : {}) });
  }
}

/** The id of the node for the pods of a component. */
export function podsOf(component: string): string {
  return `pods/${component}`;
}

/** What an object's pods are part of; its own name for those that a user added. */
export function componentOf(object: Document): string {
  return object.metadata.labels?.['app.kubernetes.io/component'] ?? object.metadata.name;
}

/** Whether pods come from an object. */
export function isWorkload({ kind }: Document): boolean {
  return kind in WORKLOADS;
}

/** The kinds that make pods, and the group that each stands in. */
export const WORKLOADS: Readonly<Record<string, Group>> = {
  Deployment: 'pod',
  DaemonSet: 'pod',
  StatefulSet: 'store',
  Job: 'job',
  CronJob: 'job',
  Cluster: 'store',
  ClickHouseInstallation: 'store',
};
