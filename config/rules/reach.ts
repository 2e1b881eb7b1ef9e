import { type Kind, variable } from '../contract';
import type { Assignment, Draft, Rule } from '../draft';
import { destinations } from '../endpoints';
import type { Severity } from '../finding';
import { isBareName, isContainerHost, isLoopback, isMulticast } from '../hosts';
import { hostIn } from '../locate';
import { podSettings } from '../pods';
import { knownValues, withLine } from './read';

/** Hosts that mean something on a laptop or in a compose file, and nothing or something else in a pod. */
export const reach: readonly Rule[] = [
  {
    id: 'host-out-of-reach',
    severity: 'depends',
    summary:
      'A host that only a compose file, Docker or the own machine knows: localhost, host.docker.internal, a bare name, a name under .local.',
    *check(draft) {
      for (const { item, value } of knownValues(draft)) {
        const { kind, group, owner } = variable(item.name)!;
        const host = item.source === 'derived' || owner || MEANT.has(item.name) ? undefined : hostIn(kind, value);
        const found = host && judge(draft, item, kind, host);
        if (found) yield withLine(item, found.severity, found.message, remedy(item.name, group, kind));
      }
    },
  },
];

/** QStash has to be in the pod, for the image makes it call localhost back. */
const MEANT: ReadonlySet<string> = new Set(['STACK_QSTASH_URL']);

/** Variables whose value browsers call, so that it has to mean something to them. */
function isForBrowsers(name: string): boolean {
  return name.startsWith('NEXT_PUBLIC_') || name === 'STACK_S3_PUBLIC_ENDPOINT' || name.endsWith('CALLBACK_URL');
}

/** Whether localhost is right: an evaluation is reached through ports of the own machine. */
export function isForwarded({ settings }: Draft, host: string): boolean {
  return settings.purpose === 'evaluation' && settings.edge.type === 'none' && isLoopback(host);
}

function judge(
  draft: Draft,
  { name }: Assignment,
  kind: Kind,
  host: string,
): { severity: Severity; message: string } | undefined {
  const browsers = isForBrowsers(name);
  if (browsers && isForwarded(draft, host)) return undefined;
  if (isLoopback(host)) {
    const without = browsers ? [] : withoutSidecar(draft, name);
    if (!browsers && without.length === 0) return undefined;
    const message = browsers
      ? 'localhost is the machine of whoever opens the page: it leads there to nothing, or to a program of theirs.'
      : 'In compose on one machine this address may lead to a published port; in a pod it is the pod itself, where only the server listens, unless a container beside it does.';
    return { severity: 'error', message };
  }
  if (isContainerHost(host)) {
    return {
      severity: 'error',
      message:
        'Only Docker and its like know this host: there it is the machine that containers run on, and a pod cannot look it up.',
    };
  }
  // What an Ingress needs of the two public hosts is a rule of its own.
  if (kind === 'origin') return undefined;
  if (isMulticast(host)) {
    return {
      severity: 'warning',
      message:
        'Names under .local are answered by the machines of one network segment (mDNS), which a pod does not ask; it finds the name only if the cluster’s DNS forwards it.',
    };
  }
  if (!isBareName(host)) return undefined;
  return {
    severity: 'warning',
    message: browsers
      ? 'A name without a dot means something inside a compose file or a cluster, and nothing in a browser.'
      : 'In compose a bare name is another service of the file; in a pod it is a Service of the same namespace, and these manifests make none of this name.',
  };
}

function remedy(name: string, group: string, kind: Kind): string {
  if (kind === 'origin') {
    return 'Write the public https URL. To try it out on one machine: purpose: evaluation with edge: { type: none }, which npm run quickstart sets up.';
  }
  if (isForBrowsers(name)) return 'Write the URL under which browsers reach it.';
  const store = STORES[group === 'core' || group === 'migration' || group === 'backup' ? 'postgres' : group];
  const own = 'Write a host outside, or the full name of a Service, such as my-service.my-namespace.svc';
  return store
    ? `${own}. To try it out, stores.${store} in environment.yaml brings one into the namespace; npm run quickstart makes a whole evaluation with it.`
    : `${own}.`;
}

/** The setting that brings a store into the namespace, by the group of the variables that lead to it. */
const STORES: Readonly<Record<string, string>> = {
  postgres: 'postgres.mode: bundled',
  clickhouse: 'clickhouse.mode: bundled',
  email: 'email.mode: mailpit',
  storage: 's3.mode: seaweedfs',
  webhooks: 'webhooks.mode: svix',
};

/** The pods that call what a variable leads to, and have no container beside them that could listen there. */
function withoutSidecar({ settings }: Draft, name: string): string[] {
  const { clients = ['server' as const] } = destinations.find((item) => item.name === name || item.port === name) ?? {};
  return clients.filter(
    (client) => (client !== 'backup' || settings.backup) && !podSettings(settings, client).sidecars?.length,
  );
}
