import type { Document } from '../../charts/documents';
import { componentOf, type Draft, podsOf } from './model';

/** Hosts, Services, and who may connect to whom. */
export function addTraffic(draft: Draft): void {
  const routed = new Set(draft.objects.flatMap((object) => [...entrances(object)].flatMap(({ services }) => services)));
  for (const object of draft.objects) {
    if (object.kind === 'Service') addService(draft, object, routed);
    for (const { host, services } of entrances(object)) {
      const from = draft.node({ id: `host/${host}`, group: 'outside', title: host, lines: ['DNS name'] });
      for (const service of services) {
        draft.edge({ from, to: `service/${service}`, kind: 'traffic', label: object.kind });
      }
    }
  }
  for (const policy of draft.objects.filter(({ kind }) => kind === 'NetworkPolicy')) addPolicy(draft, policy);
}

/** The Service of a store that no host leads to only names what the policies show already. */
function addService(draft: Draft, { metadata, spec }: Document, routed: ReadonlySet<string>): void {
  const component = spec.selector?.['app.kubernetes.io/component'];
  if (!draft.nodes.has(podsOf(component)) || (component !== 'server' && !routed.has(metadata.name))) return;
  const ports = spec.ports.map(({ port }: { port: number }) => port).join(', ');
  const from = draft.node({
    id: `service/${metadata.name}`,
    group: 'service',
    title: metadata.name,
    lines: [`Service, port ${ports}`],
  });
  draft.edge({ from, to: podsOf(component), kind: 'traffic' });
}

/** The hosts of an Ingress, an HTTPRoute or an OpenShift Route, and the Services behind each. */
function* entrances({ kind, spec }: Document): Iterable<{ host: string; services: string[] }> {
  if (kind === 'Ingress') {
    for (const { host, http } of spec.rules ?? []) {
      // biome-ignore lint/suspicious/noExplicitAny: a path of an Ingress
      yield { host, services: (http?.paths ?? []).map(({ backend }: any) => backend.service?.name).filter(Boolean) };
    }
  } else if (kind === 'HTTPRoute') {
    // biome-ignore lint/suspicious/noExplicitAny: a rule of a route
    const behind = (spec.rules ?? []).flatMap((rule: any) => (rule.backendRefs ?? []).map(({ name }: any) => name));
    for (const host of spec.hostnames ?? []) yield { host, services: behind };
  } else if (kind === 'Route') {
    yield { host: spec.host, services: [spec.to.name] };
  }
}

/** The way out of a component; what comes in is the way out of another, or comes through the Services. */
function addPolicy(draft: Draft, { metadata, spec }: Document): void {
  const from = podsOf(metadata.labels?.['app.kubernetes.io/component'] ?? '');
  if (!draft.nodes.has(from)) return;
  for (const { to, ports } of spec.egress ?? []) {
    const label = portsLabel(ports);
    // Without `to` it is name resolution, which everybody has.
    for (const peer of to ?? []) {
      const target = targetOf(draft, peer);
      if (target && target !== from) draft.edge({ from, to: target, kind: 'traffic', label });
    }
  }
}

function targetOf(draft: Draft, { podSelector, namespaceSelector, ipBlock }: Document): string | undefined {
  if (podSelector && !namespaceSelector) {
    const component = componentSelected(draft, podSelector);
    return component && draft.nodes.has(podsOf(component)) ? podsOf(component) : undefined;
  }
  const namespace = namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'];
  if (namespace) {
    return draft.node({ id: `namespace/${namespace}`, group: 'outside', title: namespace, lines: ['namespace'] });
  }
  if (!ipBlock) return undefined;
  if (!WHOLE.includes(ipBlock.cidr)) {
    return draft.node({ id: `network/${ipBlock.cidr}`, group: 'outside', title: ipBlock.cidr, lines: ['addresses'] });
  }
  const isPublic = ipBlock.except?.some((range: string) => range === '10.0.0.0/8' || range === 'fc00::/7');
  return isPublic
    ? draft.node({ id: 'internet', group: 'outside', title: 'Internet', lines: ['public addresses'] })
    : draft.node({ id: 'anywhere', group: 'outside', title: 'Anywhere', lines: ['public and private addresses'] });
}

const WHOLE = ['0.0.0.0/0', '::/0'];

/** Pods that an operator makes carry its labels: the policy with the same selector says whose they are. */
function componentSelected({ objects }: Draft, selector: Document): string | undefined {
  const named = selector.matchLabels?.['app.kubernetes.io/component'];
  if (named) return named;
  const wanted = JSON.stringify(selector);
  const policy = objects.find(
    ({ kind, spec }) => kind === 'NetworkPolicy' && JSON.stringify(spec.podSelector) === wanted,
  );
  return policy && componentOf(policy);
}

function portsLabel(ports: readonly { port: number | string }[] | undefined): string {
  return ports ? [...new Set(ports.map(({ port }) => port))].join(', ') : 'every port';
}
