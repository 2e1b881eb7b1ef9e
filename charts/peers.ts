import { createRequire } from 'node:module';
import { k8s } from 'cdk8s-plus-28';

const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10'];

/** The clouds' metadata services hand the node's credentials to whoever asks. */
const METADATA = [...LINK_LOCAL, 'fd00:ec2::254/128'];

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** Everything but the metadata services, the cluster's pods included. */
export const ANYWHERE = blocks('0.0.0.0/0', '::/0');

/** The public internet: no private, shared, loopback or link-local address. */
export const PUBLIC: k8s.NetworkPolicyPeer[] = ['0.0.0.0/0', '::/0'].map((cidr) =>
  block(cidr, ['127.0.0.0/8', ...LINK_LOCAL, ...PRIVATE].sort()),
);

/**
 * Networks, less the metadata services in them. To Cilium, and so to GKE's and AKS' data planes, no address block has a
 * pod in it, be it as wide as it may (cilium/cilium#9209): where there may be some, all pods are named beside it.
 */
export function blocks(...cidrs: string[]): k8s.NetworkPolicyPeer[] {
  const pods = cidrs.some((cidr) => PRIVATE.some((range) => within(range, cidr) || within(cidr, range)));
  return [...cidrs.map((cidr) => block(cidr, METADATA)), ...(pods ? [{ namespaceSelector: {} }] : [])];
}

/**
 * No `to`: CoreDNS, NodeLocal DNS and OpenShift's resolver (port 5353) all live elsewhere
 * (docs/explanation/kubernetes.md#dns).
 */
export const DNS: k8s.NetworkPolicyEgressRule = {
  ports: [53, 5353].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port: number(port) }))),
};

/** One TCP port of a policy's rule. */
export function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: 'TCP', port: number(port) };
}

function number(port: number): k8s.IntOrString {
  return k8s.IntOrString.fromNumber(port);
}

/** Kubernetes only takes exceptions that are smaller than the block and in it. */
function block(cidr: string, exceptions: readonly string[]): k8s.NetworkPolicyPeer {
  const except = exceptions.filter((range) => within(range, cidr) && !within(cidr, range));
  return { ipBlock: { cidr, except: except.length > 0 ? except : undefined } };
}

function within(inner: string, outer: string): boolean {
  const [address, length] = parts(inner);
  const [network, shorter] = parts(outer);
  const family = familyOf(network);
  if (familyOf(address) !== family || length < shorter) return false;
  if (shorter === 0) return true;
  // Loaded for the networks that users write alone: it takes as long as everything else in here.
  const { BlockList } = createRequire(import.meta.url)('node:net') as typeof import('node:net');
  const list = new BlockList();
  list.addSubnet(network, shorter, family);
  return list.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

function parts(cidr: string): [address: string, length: number] {
  const [address, length] = cidr.split('/');
  return [address!, Number(length)];
}
