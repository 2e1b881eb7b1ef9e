import type { Rule } from '../draft';
import { podSettings } from '../pods';
import { amount } from '../quantity';
import { namespaceOf } from '../secrets/names';
import type { Settings } from '../settings';
import { withSetting } from './read';

/** The Kubernetes side: what the API server would refuse, and what would not run well. */
export const kubernetes: readonly Rule[] = [
  {
    id: 'replicas-range',
    severity: 'error',
    summary: 'The least number of replicas is above the most.',
    *check(draft) {
      const { replicas } = draft.settings;
      if (typeof replicas === 'number' || replicas.min <= replicas.max) return;
      yield withSetting(
        draft,
        'replicas',
        'error',
        'min is above max, and Kubernetes refuses such an autoscaler.',
        'Write the smaller number as min.',
      );
    },
  },
  {
    id: 'resources-range',
    severity: 'error',
    summary: 'A resource request is above its limit.',
    *check(draft) {
      for (const [path, { requests, limits }] of resourcesOf(draft.settings)) {
        for (const kind of ['cpu', 'memory', 'ephemeral-storage'] as const) {
          if (amount(requests[kind]) <= amount(limits[kind])) continue;
          yield withSetting(
            draft,
            `${path}.requests.${kind}`,
            'error',
            'The request is above the limit, and Kubernetes refuses such a pod.',
            `Lower it, or raise ${path}.limits.${kind}.`,
          );
        }
      }
    },
  },
  {
    id: 'resources-small',
    severity: 'depends',
    summary: 'A limit is below what the server was measured to need.',
    *check(draft) {
      const { limits } = draft.settings.resources;
      // Measured: 3.3 GB in the work directory after the start; 675 MB of memory at rest
      // (docs/explanation/server.md#size).
      if (amount(limits['ephemeral-storage']) < 3.5e9) {
        yield withSetting(
          draft,
          'resources.limits.ephemeral-storage',
          'error',
          'The server copies 3.3 GB into its work directory at the start, so the pod would be evicted.',
          'Write 8Gi, or at least 4Gi.',
        );
      }
      if (amount(limits.memory) < 1e9) {
        yield withSetting(
          draft,
          'resources.limits.memory',
          'warning',
          'The two servers need about 700 MB at rest, so the pod would be killed under load.',
          'Write 3Gi, or at least 1Gi.',
        );
      }
    },
  },
  {
    id: 'ip-family-server',
    severity: 'warning',
    summary: 'Services get IPv6 addresses, and the server listens on IPv4 alone.',
    *check(draft) {
      const { ipFamilyPolicy, ipFamilies } = draft.settings.network;
      const six = ipFamilies ? ipFamilies.includes('IPv6') : (ipFamilyPolicy ?? 'SingleStack') !== 'SingleStack';
      if (!six || podSettings(draft.settings, 'server').sidecars?.length) return;
      yield withSetting(
        draft,
        ipFamilies ? 'network.ipFamilies' : 'network.ipFamilyPolicy',
        'warning',
        'The image makes both servers listen on 0.0.0.0, so whoever takes the Services’ IPv6 address is refused.',
        'Put a container beside the server that listens there (docs/how-to/ipv6.md), or leave the Services on IPv4.',
      );
    },
  },
  {
    id: 'namespace-reserved',
    severity: 'error',
    summary: 'The namespace belongs to the cluster.',
    *check(draft) {
      const name = draft.settings.namespace.name ?? '';
      if (name !== 'default' && !name.startsWith('kube-')) return;
      yield withSetting(
        draft,
        'namespace.name',
        'error',
        'The namespace belongs to the cluster; the environment would share it, and its Secrets, with whatever else is there.',
        'Choose a name for this environment alone, or remove the field.',
      );
    },
  },
  {
    id: 'namespace-shared',
    severity: 'warning',
    summary: 'Another environment has the same namespace.',
    *check(draft) {
      const namespace = namespaceOf(draft.name, draft.settings);
      for (const { name, file, line } of draft.neighbours) {
        yield withSetting(
          draft,
          'namespace.name',
          'warning',
          `The environment ${name} has the namespace ${namespace} too (${line > 0 ? `${file}:${line}` : file}): the objects of both have the same names, so in one cluster each would overwrite the other’s.`,
          'Give each environment a namespace of its own, unless they are for different clusters.',
        );
      }
    },
  },
  {
    id: 'maintenance-name',
    severity: 'error',
    summary: 'A further maintenance endpoint has a name that is taken or too long.',
    *check(draft) {
      for (const name of Object.keys(draft.settings.maintenance.extra)) {
        const taken = BUILT_IN.includes(name);
        // Kubernetes appends eleven characters to a CronJob's name for its Jobs, and ours begin with hexclave-.
        if (!taken && name.length <= 52 - 'hexclave-'.length) continue;
        yield withSetting(
          draft,
          `maintenance.extra.${name}`,
          'error',
          taken
            ? 'A CronJob of this name is there already.'
            : 'The CronJob’s name would have more than the 52 characters Kubernetes allows.',
          taken ? 'Choose another name.' : 'Use at most 43 characters.',
        );
      }
    },
  },
];

/** What the pods get, by the path where it stands: ours, and those of the stores that run in the namespace. */
function resourcesOf({ resources, stores, migration, maintenance }: Settings): [path: string, Settings['resources']][] {
  const ofStores = Object.entries(stores).flatMap(([name, store]): [string, Settings['resources']][] =>
    'resources' in store ? [[`stores.${name}.resources`, store.resources]] : [],
  );
  return [
    ['resources', resources],
    ['migration.resources', migration.resources],
    ['migration.gateResources', migration.gateResources],
    ['maintenance.resources', maintenance.resources],
    ...ofStores,
  ];
}

const BUILT_IN = ['email-queue-step', 'sync-sequencer', 'sync-poller', 'workflow-engine-step', 'issues-reconciler'];
