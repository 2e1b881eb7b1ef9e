import { k8s } from 'cdk8s-plus-28';

/** Everything but link-local addresses: the cloud's metadata services there hand the node's credentials to whoever asks. */
export const ANYWHERE: k8s.NetworkPolicyPeer[] = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } },
  { ipBlock: { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::254/128'] } },
];

/** The public internet: no private, shared, loopback or link-local address. */
export const PUBLIC: k8s.NetworkPolicyPeer[] = [
  {
    ipBlock: {
      cidr: '0.0.0.0/0',
      except: ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
    },
  },
  { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
];

/** No `to`: CoreDNS, NodeLocal DNS and OpenShift's resolver (port 5353) all live elsewhere (operations.md §7.7). */
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
