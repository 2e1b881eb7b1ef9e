import { BlockList, isIPv6 } from 'node:net';
import { manifests } from '../../charts/hexclave';
import type { Environment } from '../../config/environment';
import { resolve } from '../../config/resolve';
import { type Changes, draft } from './draft';
import { type KubeObject, matches, objectsOf } from './objects';

/** Where a connection ends once a Service's address has been replaced. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** A pod of another namespace, or of ours by its labels; a node. @default - outside the cluster */
  readonly is?: 'pod' | 'node' | Record<string, string>;
}

/** Whether a CNI judges an address block by address alone, or, as Cilium does, has neither pods nor nodes in it. */
export const cnis = ['by address', 'cilium'] as const;
export type Cni = (typeof cnis)[number];

/** Where clouds answer with the node's credentials. */
export const METADATA = ['169.254.169.254', '169.254.170.2', 'fd00:ec2::254'];

/** The policies of an environment by component. */
export function policiesOf(environment: Environment): Record<string, KubeObject> {
  const text = manifests(environment).get('00-namespace.k8s.yaml')!;
  return Object.fromEntries(
    objectsOf(new Map([['', text]]))
      .filter(({ object }) => object.kind === 'NetworkPolicy')
      .map(({ object }) => [object.metadata.labels['app.kubernetes.io/component'] ?? 'all', object.spec]),
  );
}

/** The policies of a draft, whether or not the rules have something against it. */
export function policies(changes: Changes): Record<string, KubeObject> {
  return policiesOf(resolve(draft(changes)));
}

/** Whether a policy lets its pods through to a target. */
export function letsOut(policy: KubeObject, target: Target, cni: Cni): boolean {
  return (policy.egress ?? []).some(
    ({ to, ports }: KubeObject) =>
      (!ports || ports.some(({ port, protocol }: KubeObject) => protocol === 'TCP' && port === target.port)) &&
      (!to || to.some((peer: KubeObject) => names(peer, target, cni))),
  );
}

/** Throws on a peer of a form that it does not know. */
function names({ ipBlock, namespaceSelector, podSelector, ...rest }: KubeObject, target: Target, cni: Cni): boolean {
  if (Object.keys(rest).length > 0) throw new Error(JSON.stringify(rest));
  const { is, address } = target;
  if (ipBlock) {
    const blocked = (ipBlock.except ?? []).some((cidr: string) => within(address, cidr));
    return within(address, ipBlock.cidr) && !blocked && !(cni === 'cilium' && is);
  }
  if (is === undefined || is === 'node') return false;
  if (namespaceSelector) return Object.keys(namespaceSelector).length === 0 && !podSelector;
  return is !== 'pod' && matches(podSelector.matchLabels, is);
}

function within(address: string, cidr: string): boolean {
  const [network, length] = cidr.split('/');
  const family = isIPv6(network!) ? 'ipv6' : 'ipv4';
  if (isIPv6(address) !== isIPv6(network!)) return false;
  const list = new BlockList();
  list.addSubnet(network!, Number(length), family);
  return list.check(address, family);
}
