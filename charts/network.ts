import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { edgeController } from '../config/edge-controller';
import type { Endpoint, Environment } from '../config/environment';
import { EXTRA_LABEL, hasExtraPods } from './extra';
import { type Component, instanceLabels, metadata, NAME, selectorLabels } from './metadata';
import { ANYWHERE, blocks, DNS, PUBLIC, tcp } from './peers';
import { API_PORT, DASHBOARD_PORT } from './ports';
import { proxyEgress } from './proxy';
import { storesOf } from './stores';
import type { StoreChart } from './stores/store';

/** Nothing in, nothing out for every pod of the environment; then what each component needs, in both directions. */
export function networkPolicies(scope: Construct, env: Environment): void {
  new k8s.KubeNetworkPolicy(scope, 'default-deny', {
    metadata: metadata(env, { name: `${NAME}-default-deny`, stage: 'namespace' }),
    spec: { podSelector: { matchLabels: instanceLabels(env) }, policyTypes: ['Ingress', 'Egress'] },
  });
  policy(scope, env, 'server', {
    ingress: edgeIngress(env),
    egress: [DNS, ...edgeEgress(env), ...stores(env, 'server'), ...outside(env, 'server')],
  });
  policy(scope, env, 'migration', {
    egress: [DNS, ...stores(env, 'migration'), ...outside(env, 'migration')],
  });
  policy(scope, env, 'maintenance', {
    egress: [
      DNS,
      { to: [{ podSelector: { matchLabels: selectorLabels(env, 'server') } }], ports: [tcp(API_PORT)] },
      ...further(env, 'maintenance'),
    ],
  });
  if (env.backup) {
    policy(scope, env, 'backup', { egress: [DNS, ...stores(env, 'backup'), ...outside(env, 'backup')] });
  }
  for (const chart of storesOf(env)) {
    storePolicy(scope, env, chart);
    for (const job of chart.network(env).jobs ?? []) {
      policy(scope, env, job, { egress: [DNS, ...stores(env, job), ...further(env, 'stores')] });
    }
  }
  if (hasExtraPods(env)) extraPolicy(scope, env);
}

/** The pods of the user's own objects: what they are to reach, and who them, the user's own policies say. */
function extraPolicy(scope: Construct, env: Environment): void {
  new k8s.KubeNetworkPolicy(scope, 'policy-extra', {
    metadata: metadata(env, { name: `${NAME}-extra`, stage: 'namespace' }),
    spec: {
      podSelector: { matchLabels: { [EXTRA_LABEL]: env.name } },
      policyTypes: ['Ingress', 'Egress'],
      egress: [DNS, ...further(env, undefined)],
    },
  });
}

/** A store accepts its clients and starts no connection itself, unless its chart says so. */
function storePolicy(scope: Construct, env: Environment, { component, network: networkOf }: StoreChart): void {
  const network = networkOf(env);
  const clients = network.clients.map((client) => ({ podSelector: { matchLabels: selectorLabels(env, client) } }));
  const more = network.closed ? [] : further(env, 'stores');
  const egress = [...stores(env, component), ...(network.egress ?? []), ...more];
  policy(
    scope,
    env,
    component,
    {
      ingress: [{ from: clients, ports: [tcp(network.port)] }, ...(network.ingress ?? [])],
      // Who is to get out of a store asks for names first.
      egress: more.length > 0 && !egress.includes(DNS) ? [DNS, ...egress] : egress,
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

/**
 * The ways out of the namespace. What is public and on 443 needs the internet alone: naming that port among the others
 * would open it towards private addresses too.
 */
function outside(env: Environment, client: keyof Environment['endpoints']): k8s.NetworkPolicyEgressRule[] {
  const { allowPrivateEgress } = env.settings.network;
  const isInternet = (endpoint: Endpoint) => !endpoint.private && endpoint.port === 443;
  const endpoints = env.endpoints[client];
  const ports = [...new Set(endpoints.filter((item) => !isInternet(item)).map(({ port }) => port))];
  // The server also calls OAuth providers, mail and AI APIs, the public API URL: host names no policy can list.
  const direct = client === 'server' && (!env.settings.proxy || allowPrivateEgress);
  const internet = direct || endpoints.some(isInternet);
  return [
    ...(ports.length > 0 ? [{ to: ANYWHERE, ports: ports.map(tcp) }] : []),
    ...(internet ? [{ to: allowPrivateEgress ? ANYWHERE : PUBLIC, ports: [tcp(443)] }] : []),
    ...proxyEgress(env),
    ...further(env, client),
  ];
}

/** What the user opens besides, for a group of pods, or for those of none. */
function further(env: Environment, group: EgressGroup | undefined): k8s.NetworkPolicyEgressRule[] {
  return env.settings.network.egress
    .filter(({ pods }) => !pods || (group && pods.includes(group)))
    .map(({ port, cidr }) => ({ to: cidr ? blocks(cidr) : ANYWHERE, ports: [tcp(port)] }));
}

type EgressGroup = NonNullable<Environment['settings']['network']['egress'][number]['pods']>[number];

/**
 * Who may reach the server. Without a namespace there is no `from`: load balancers, host-network ingress controllers and
 * the kubelet cannot be named by a selector.
 */
function edgeIngress(env: Environment): k8s.NetworkPolicyIngressRule[] {
  const { ingressNamespace } = env.settings.network;
  const ports = [tcp(API_PORT), tcp(DASHBOARD_PORT)];
  if (ingressNamespace === undefined) return [{ ports }];
  return [
    { from: [inNamespace(ingressNamespace)], ports },
    { from: [{ podSelector: { matchLabels: selectorLabels(env, 'maintenance') } }], ports: [tcp(API_PORT)] },
  ];
}

/**
 * The way to the public API URL from inside, which some of the server's code takes
 * (docs/explanation/server.md#the-edge). Policies are judged after a Service's address was replaced by a pod's, so it
 * is the controller's own port that counts.
 */
function edgeEgress(env: Environment): k8s.NetworkPolicyEgressRule[] {
  const { ingressNamespace } = env.settings.network;
  if (ingressNamespace === undefined) return [];
  const port = edgeController(env.settings).httpsPort;
  const ports = port === undefined ? [443, 8443] : [port];
  return [{ to: [inNamespace(ingressNamespace)], ports: ports.map(tcp) }];
}

/** The label that the API server itself puts on every namespace. */
function inNamespace(name: string): k8s.NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
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
      ingress: rules.ingress?.length ? rules.ingress : undefined,
      egress: rules.egress?.length ? rules.egress : undefined,
    },
  });
}
