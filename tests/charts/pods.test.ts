import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { podFields } from '../../config/settings/pods';
import { type Files, synthesize } from '../support/cases';
import { type KubeObject, objectsOf, type Template, templatesOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const base = snapshotCases.evaluation!;
const groups = ['server', 'migration', 'maintenance', 'stores', 'renderer', 'backup'] as const;

/** A value of each field, and where in a pod it has to arrive. */
const fields: Record<keyof typeof podFields, { value: unknown; arrives: (template: KubeObject) => unknown }> = {
  annotations: {
    value: { 'acme.test/a': 'b' },
    arrives: ({ metadata }) => metadata.annotations?.['acme.test/a'] === 'b',
  },
  labels: { value: { 'acme.test/a': 'b' }, arrives: ({ metadata }) => metadata.labels['acme.test/a'] === 'b' },
  nodeSelector: { value: { pool: 'auth' }, arrives: ({ spec }) => spec.nodeSelector?.pool === 'auth' },
  tolerations: {
    value: [{ operator: 'Exists' }],
    arrives: ({ spec }) => has(spec.tolerations, { operator: 'Exists' }),
  },
  affinity: {
    // matchLabelKeys is of a Kubernetes that the classes of cdk8s-plus do not know.
    value: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'rack', matchLabelKeys: ['x'] }] },
    },
    arrives: ({ spec }) =>
      spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys[0] === 'x',
  },
  priorityClassName: { value: 'high', arrives: ({ spec }) => spec.priorityClassName === 'high' },
  runtimeClassName: { value: 'gvisor', arrives: ({ spec }) => spec.runtimeClassName === 'gvisor' },
  hostAliases: {
    value: [{ ip: 'fd00::1', hostnames: ['old.acme.test'] }],
    arrives: ({ spec }) => has(spec.hostAliases, { ip: 'fd00::1', hostnames: ['old.acme.test'] }),
  },
  dnsPolicy: { value: 'None', arrives: ({ spec }) => spec.dnsPolicy === 'None' },
  dnsConfig: {
    value: { nameservers: ['10.1.1.1'], options: [{ name: 'ndots', value: '2' }] },
    arrives: ({ spec }) => spec.dnsConfig?.nameservers[0] === '10.1.1.1' && spec.dnsConfig.options[0].value === '2',
  },
  serviceAccount: { value: { name: 'theirs' }, arrives: ({ spec }) => spec.serviceAccountName === 'theirs' },
  sidecars: {
    value: [{ name: 'beside', image: 'docker.io/acme/beside:1.2.3' }],
    arrives: ({ spec }) =>
      spec.initContainers?.[0].name === 'beside' && spec.initContainers[0].restartPolicy === 'Always',
  },
  volumes: {
    value: [{ name: 'sockets', emptyDir: {} }],
    arrives: ({ spec }) => has(spec.volumes, { name: 'sockets' }),
  },
  volumeMounts: {
    value: [{ name: 'tmp', mountPath: '/sockets' }],
    arrives: ({ spec }) =>
      [...(spec.initContainers ?? []), ...spec.containers].every(({ volumeMounts }) =>
        has(volumeMounts, { mountPath: '/sockets' }),
      ),
  },
};

describe.each(Object.entries(fields))('the field %s of pods', (field, { value, arrives }) => {
  it.each(groups)('reaches the pods of %s and no others', (group) => {
    for (const { of, template } of pods({ [group]: { [field]: value } })) {
      expect(Boolean(arrives(template)), `${of} ${template.metadata.labels['app.kubernetes.io/component']}`).toBe(
        of === group,
      );
    }
  });

  it('reaches every pod from the block all', () => {
    for (const { of, template } of pods({ all: { [field]: value } })) expect(Boolean(arrives(template)), of).toBe(true);
  });

  it('has a row in the reference', () => {
    expect(readFileSync(new URL('../../docs/reference/environment.md', import.meta.url), 'utf8')).toContain(
      `\n| \`${field}\` | ${['annotations', 'labels', 'nodeSelector', 'tolerations', 'priorityClassName'].includes(field) ? '`' : ' |'}`,
    );
  });
});

describe('the blocks of pods', () => {
  const server = (blocks: object, more = '') =>
    pods(blocks, more).find(({ of }) => of === 'server')!.template as KubeObject;

  it('lay maps over each other, put lists together, and let the narrower value count', () => {
    const { metadata, spec } = server(
      {
        all: {
          annotations: { 'acme.test/a': 'all', 'acme.test/b': 'all' },
          tolerations: [{ key: 'all', operator: 'Exists' }],
          priorityClassName: 'all',
        },
        server: {
          annotations: { 'acme.test/b': 'server' },
          tolerations: [{ key: 'server', operator: 'Exists' }],
          priorityClassName: 'server',
        },
      },
      'annotations: { acme.test/a: top, acme.test/c: top }\ntolerations: [{ key: top, operator: Exists }]\npriorityClassName: top',
    );
    expect(metadata.annotations).toMatchObject({ 'acme.test/a': 'all', 'acme.test/b': 'server', 'acme.test/c': 'top' });
    expect(spec.tolerations.map(({ key }: KubeObject) => key)).toEqual(['top', 'all', 'server']);
    expect(spec.priorityClassName).toBe('server');
  });

  it('that are written and empty change no byte', () => {
    const empty = { ...base, yaml: `${base.yaml}\npods: { all: {}, server: {}, stores: {} }\n` };
    expect([...synthesize(empty)]).toEqual([...synthesize(base)]);
  });

  it('put sidecars in front of the gate, hardened, with resources, and those of all first', () => {
    const sidecar = (name: string, more: object = {}) => ({ name, image: 'acme/a:1.2.3', ...more });
    const { spec } = server(
      {
        server: {
          sidecars: [sidecar('second', { securityContext: { runAsUser: 7 }, resources: { limits: { cpu: 2 } } })],
        },
        all: { sidecars: [sidecar('first')] },
      },
      'registry: mirror.acme.test',
    );
    expect(spec.initContainers.map(({ name }: KubeObject) => name)).toEqual(['first', 'second', 'release-gate']);
    expect(spec.initContainers[1]).toMatchObject({
      image: 'mirror.acme.test/acme/a:1.2.3',
      restartPolicy: 'Always',
      securityContext: { ...spec.initContainers[2].securityContext, runAsUser: 7 },
      resources: { requests: { cpu: '10m' }, limits: { cpu: 2, memory: '256Mi' } },
    });
  });

  it('give a token to the containers that are named and to no other', () => {
    const { spec } = server({ server: { serviceAccount: { token: ['release-gate'] } } });
    const mounts = ({ volumeMounts }: KubeObject) =>
      has(volumeMounts, { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' });
    expect(mounts(spec.initContainers[0])).toBe(true);
    expect(mounts(spec.containers[0])).toBe(false);
    expect(spec.automountServiceAccountToken).toBe(false);
  });

  it('give pods with annotations for their ServiceAccount one of their own, and all pods the common one', () => {
    const annotations = (value: string) => ({ serviceAccount: { annotations: { 'acme.test/role': value } } });
    const accounts = accountsOf({ all: annotations('all'), server: annotations('server') });
    expect(accounts).toEqual({ hexclave: 'all', 'hexclave-server': 'server' });
    const names = pods({ all: annotations('all'), server: annotations('server') }).map(
      ({ of, template }) => `${of} ${template.spec.serviceAccountName}`,
    );
    expect([...new Set(names)].sort()).toEqual([
      'maintenance hexclave',
      'migration hexclave',
      'renderer hexclave',
      'server hexclave-server',
      'stores hexclave',
    ]);
  });
});

describe('a change of pods', () => {
  const jobs = (blocks: object) =>
    objectsOf(synthesize(withPods(blocks)))
      .filter(({ object }) => object.kind === 'Job')
      .map(({ object }) => object.metadata.name as string);

  it.each(Object.entries(fields))(
    'makes Jobs of another name where it reaches them, for a Job cannot be changed: %s',
    (field, { value }) => {
      const [buckets, migration] = jobs({});
      const [otherBuckets, otherMigration] = jobs({ all: { [field]: value } });
      expect(otherBuckets).not.toBe(buckets);
      expect(otherMigration).not.toBe(migration);
      expect(jobs({ server: { [field]: value } })).toEqual([buckets, migration]);
    },
  );
});

function withPods(blocks: object, more = ''): Files {
  return { ...base, yaml: `${base.yaml}\n${more}\npods: ${JSON.stringify(blocks)}\n` };
}

function pods(blocks: object, more = ''): { of: string; template: Template['template'] }[] {
  return templatesOf(objectsOf(synthesize(withPods(blocks, more)))).map(({ template }) => {
    const component = template.metadata.labels['app.kubernetes.io/component'];
    return { of: groups.includes(component) ? component : 'stores', template };
  });
}

function accountsOf(blocks: object): Record<string, string> {
  const accounts = objectsOf(synthesize(withPods(blocks))).filter(({ object }) => object.kind === 'ServiceAccount');
  return Object.fromEntries(
    accounts.map(({ object }) => [object.metadata.name, object.metadata.annotations['acme.test/role']]),
  );
}

/** Whether a list has an item with these fields. */
function has(list: KubeObject[] | undefined, fields: Record<string, unknown>): boolean {
  return (list ?? []).some((item) =>
    Object.entries(fields).every(([name, value]) => JSON.stringify(item[name]) === JSON.stringify(value)),
  );
}
