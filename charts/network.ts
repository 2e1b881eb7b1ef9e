import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Endpoint, Environment } from '../config/environment';
import { type Component, instanceLabels, metadata, NAME, selectorLabels } from './metadata';
import { API_PORT, DASHBOARD_PORT } from './ports';
import { storesOf } from './stores';
import type { StoreChart } from './stores/store';

/** Everything but link-local addresses: the cloud's metadata services there hand the node's credentials to whoever asks. */
const ANYWHERE: k8s.NetworkPolicyPeer[] = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } },
  { ipBlock: { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::254/128'] } },
];

/** The public internet: no private, shared, loopback or link-local address. */
const PUBLIC: k8s.NetworkPolicyPeer[] = [
  {
    ipBlock: {
      cidr: '0.0.0.0/0',
      except: ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
    },
  },
  { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
];

/** No `to`: CoreDNS, NodeLocal DNS and OpenShift's resolver (port 5353) all live elsewhere (operations.md §7.7). */
const DNS: k8s.NetworkPolicyEgressRule = {
  ports: [53, 5353].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port: number(port) }))),
};

/** Nothing in, nothing out for every pod of the environment; then what each component needs, in both directions. */
export function networkPolicies(scope: Construct, env: Environment): void {
  const { databases, migration, clickhouse, services, webhooks } = env.endpoints;
  new k8s.KubeNetworkPolicy(scope, 'default-deny', {
    metadata: metadata(env, { name: `${NAME}-default-deny`, stage: 'namespace' }),
    spec: { podSelector: { matchLabels: instanceLabels(env) }, policyTypes: ['Ingress', 'Egress'] },
  });
  policy(scope, env, 'server', {
    // No `from`: load balancers, host-network ingress controllers and the kubelet cannot be named by a selector.
    ingress: [{ ports: [tcp(API_PORT), tcp(DASHBOARD_PORT)] }],
    egress: [
      DNS,
      ...stores(env, 'server'),
      ...reach([...databases, ...clickhouse, ...services, ...webhooks]),
      // OAuth providers, mail and AI APIs, the public API URL: host names no policy can list.
      { to: env.settings.network.allowPrivateEgress ? ANYWHERE : PUBLIC, ports: [tcp(443)] },
      ...env.settings.network.egress.map((extra) => ({
        to: extra.cidr ? [{ ipBlock: { cidr: extra.cidr } }] : ANYWHERE,
        ports: [tcp(extra.port)],
      })),
    ],
  });
  policy(scope, env, 'migration', {
    egress: [DNS, ...stores(env, 'migration'), ...reach([...migration, ...clickhouse, ...webhooks])],
  });
  policy(scope, env, 'maintenance', {
    egress: [DNS, { to: [{ podSelector: { matchLabels: selectorLabels(env, 'server') } }], ports: [tcp(API_PORT)] }],
  });
  for (const chart of storesOf(env)) storePolicy(scope, env, chart);
}

/** A store accepts its clients and starts no connection itself, unless its chart says so. */
function storePolicy(scope: Construct, env: Environment, { component, network: networkOf }: StoreChart): void {
  const network = networkOf(env);
  const clients = network.clients.map((client) => ({ podSelector: { matchLabels: selectorLabels(env, client) } }));
  policy(
    scope,
    env,
    component,
    {
      ingress: [{ from: clients, ports: [tcp(network.port)] }, ...(network.ingress ?? [])],
      egress: network.egress && [...network.egress],
    },
    network.pods,
  );
}

/** The way of a client to its stores: by the labels of their pods, which no address outside can have. */
function stores(env: Environment, client: Component): k8s.NetworkPolicyEgressRule[] {
  return storesOf(env)
    .map(({ component, network }) => ({ component, network: network(env) }))
    .filter(({ network }) => network.clients.includes(client))
    .map(({ component, network }) => ({
      to: [{ podSelector: { matchLabels: network.pods ?? selectorLabels(env, component) } }],
      ports: [tcp(network.port)],
    }));
}

/** A direction without rules stays out: the API server drops an empty list, and every apply would bring it back. */
function policy(
  scope: Construct,
  env: Environment,
  component: Component,
  rules: Pick<k8s.NetworkPolicySpec, 'ingress' | 'egress'>,
  pods = selectorLabels(env, component),
): void {
  new k8s.KubeNetworkPolicy(scope, `policy-${component}`, {
    metadata: metadata(env, { name: `${NAME}-${component}`, stage: 'namespace', component }),
    spec: {
      podSelector: { matchLabels: pods },
      policyTypes: ['Ingress', 'Egress'],
      ...rules,
    },
  });
}

/**
 * One rule for the endpoints of the configuration. A public one on 443 is left to the rule for the internet: naming the
 * port here would open it towards private addresses too.
 */
function reach(endpoints: readonly Endpoint[]): k8s.NetworkPolicyEgressRule[] {
  const ports = endpoints.filter((item) => item.private || item.port !== 443).map((item) => item.port);
  const unique = [...new Set(ports)].sort((a, b) => a - b);
  return unique.length > 0 ? [{ to: ANYWHERE, ports: unique.map(tcp) }] : [];
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: 'TCP', port: number(port) };
}

function number(port: number): k8s.IntOrString {
  return k8s.IntOrString.fromNumber(port);
}
