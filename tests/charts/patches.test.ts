import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { containersOf, podTemplatesOf } from '../../charts/documents';
import { build } from '../../charts/hexclave';
import { promises } from '../../charts/promises';
import { environmentOf, type Files, load } from '../support/cases';
import { idOf, type KubeObject, objectsOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

type Patch = readonly [target: object, ...patch: object[]];

const server = { kind: 'Deployment', name: 'hexclave-server' };
const POD = '/spec/template/spec';
const CONTAINER = `${POD}/containers/0`;
const GATE = `${POD}/initContainers/0`;
const job = { kind: 'Job', name: 'hexclave-migrate' };
const set = (path: string, value: unknown) => ({ op: 'add', path, value });
const remove = (path: string) => ({ op: 'remove', path });

/** Patches that take each promise away, by a part of the promise that the finding has to name. */
const breaking: Record<string, readonly Patch[]> = {
  'its kind, name and namespace': [
    [server, set('/metadata/name', 'other')],
    [{ kind: 'Service' }, set('/metadata/namespace', 'default')],
    [server, set('/kind', 'StatefulSet')],
  ],
  'its selector': [
    [server, set('/spec/selector/matchLabels/tier', 'auth')],
    [server, set('/spec/template/metadata/labels/app.kubernetes.io~1component', 'api')],
    [{ kind: 'Service', name: 'hexclave-api' }, set('/spec/selector/app.kubernetes.io~1name', 'other')],
    [{ kind: 'NetworkPolicy', name: 'hexclave-server' }, set('/spec/podSelector', {})],
    [
      { name: 'hexclave-postgres', kind: 'StatefulSet' },
      set('/spec/volumeClaimTemplates/0/spec/resources/requests/storage', '1Ti'),
    ],
  ],
  'the hardening of its pods': [
    [server, set(`${POD}/hostNetwork`, true)],
    [server, set(`${POD}/automountServiceAccountToken`, true)],
    [server, remove(`${POD}/securityContext`), remove(`${CONTAINER}/securityContext`)],
    [server, set(`${CONTAINER}/securityContext/readOnlyRootFilesystem`, false)],
    [server, set(`${CONTAINER}/securityContext/capabilities/add`, ['NET_ADMIN'])],
    [server, set(`${POD}/containers/-`, { name: 'shell', image: 'docker.io/acme/shell:1.2.3' })],
    [server, set(`${POD}/volumes/-`, { name: 'node', hostPath: { path: '/' } })],
    [job, set(`${POD}/securityContext/runAsUser`, 0)],
    [{ kind: 'CronJob' }, set('/spec/jobTemplate/spec/template/spec/hostPID', true)],
  ],
  'the gate in front of the server': [
    [server, remove(`${GATE}`)],
    [server, set(`${GATE}/args`, ['--version'])],
    [server, set(`${GATE}/env/1/value`, 'off')],
  ],
  'the switches of migrations': [
    [server, set(`${CONTAINER}/env/-`, { name: 'STACK_RUN_MIGRATIONS', value: 'true' })],
    [server, set(`${CONTAINER}/env/-`, { name: 'STACK_RUN_SEED_SCRIPT', value: 'true' })],
    [server, set(`${CONTAINER}/envFrom/-`, { configMapRef: { name: 'more' } })],
  ],
  'the programs that its containers run': [
    [server, set(`${CONTAINER}/command`, ['node', 'server.js'])],
    [job, set(`${CONTAINER}/args`, [])],
    [{ kind: 'CronJob' }, set('/spec/jobTemplate/spec/template/spec/containers/0/args/0', '--verbose')],
  ],
  'rollouts and drains': [
    [server, set('/spec/strategy', { type: 'Recreate' })],
    [server, set(`${POD}/terminationGracePeriodSeconds`, 30)],
    [server, remove(`${CONTAINER}/lifecycle`)],
    [server, remove(`${CONTAINER}/readinessProbe`)],
  ],
  'one run of the migrations': [
    [job, set('/spec/ttlSecondsAfterFinished', 60)],
    [job, set('/spec/completions', 2)],
    [job, set('/metadata/annotations/argocd.argoproj.io~1hook', 'Sync')],
    [job, set(`${POD}/restartPolicy`, 'OnFailure')],
  ],
  'the closed network': [
    [{ kind: 'NetworkPolicy', name: 'hexclave-default-deny' }, set('/spec/ingress', [{}])],
    [{ kind: 'NetworkPolicy', component: 'server' }, set('/spec/policyTypes', ['Ingress'])],
  ],
  'calls that do not overlap': [[{ kind: 'CronJob' }, set('/spec/concurrencyPolicy', 'Allow')]],
  'Pod Security and the protection': [
    [{ kind: 'Namespace' }, set('/metadata/labels/pod-security.kubernetes.io~1enforce', 'privileged')],
    [{ kind: 'Namespace' }, remove('/metadata/annotations/argocd.argoproj.io~1sync-options')],
  ],
};

/** Patches that people need, and that take nothing away. */
const harmless: readonly Patch[] = [
  [server, set(`${POD}/terminationGracePeriodSeconds`, 600)],
  [server, set(`${POD}/schedulerName`, 'packing'), { op: 'test', path: '/spec/revisionHistoryLimit', value: 5 }],
  [server, set('/spec/template/metadata/labels/acme.test~1tier', 'auth')],
  [server, set(`${CONTAINER}/env/-`, { name: 'ACME', value: null })],
  [server, set(`${CONTAINER}/startupProbe/failureThreshold`, 600)],
  [
    server,
    { op: 'copy', from: `${CONTAINER}/resources/limits/memory`, path: `${CONTAINER}/resources/requests/memory` },
  ],
  [{ kind: 'NetworkPolicy', component: 'server' }, set('/spec/ingress/-', { from: [{ namespaceSelector: {} }] })],
  [{ kind: 'CronJob' }, set('/spec/suspend', true)],
  [job, set('/spec/backoffLimit', 3)],
  [
    { kind: 'Service', name: 'hexclave-api' },
    set('/spec/type', 'NodePort'),
    { op: 'move', from: '/spec/ports/0/appProtocol', path: '/metadata/annotations/acme.test~1was' },
  ],
  [
    server,
    set(`${POD}/containers/-`, {
      name: 'beside',
      image: 'docker.io/acme/beside:1.2.3',
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    }),
  ],
];

describe('a patch that breaks a promise', () => {
  const rows = Object.entries(breaking).flatMap(([promise, patches]) =>
    patches.map((patch) => [promise, JSON.stringify(patch.slice(1)), patch] as const),
  );

  it.each(rows)('is a finding that names it: %s by %s', (promise, _, patch) => {
    const { findings, files } = patched(patch);
    expect(findings.map(({ rule, message }) => `${rule}: ${message}`).join('\n')).toContain(`promise: ${promise}`);
    for (const { severity, line, field } of findings) {
      expect(severity).toBe('error');
      expect(line).toBeGreaterThan(1);
      expect(field).toMatch(/^patches\.0/);
    }
    // What is refused is not half done.
    if (findings.every(({ rule }) => rule === 'patch-breaks-promise'))
      expect([...files]).toHaveLength(build(environmentOf(base)).files.size);
  });

  const final = ['its kind, name and namespace', 'its selector'];

  it.each(rows)(
    'is done where that is accepted, unless it makes another object of it: %s by %s',
    (promise, _, patch) => {
      const { findings, objects } = accepted(patch);
      const about = findings.filter(({ rule }) => rule === 'patch-breaks-promise');
      const others = findings.filter(({ rule }) => rule !== 'patch-breaks-promise');
      expect(others.filter(({ rule }) => rule !== 'object-refused')).toEqual([]);
      for (const { severity, message } of about) {
        const isFinal = final.some((part) => message.includes(`promise: ${part}`));
        expect([severity, message.includes('Accepted: Ours since 2019.')]).toEqual([
          isFinal ? 'error' : 'warning',
          !isFinal,
        ]);
      }
      if (final.includes(promise)) return expect(about.some(({ severity }) => severity === 'error')).toBe(true);
      expect(objects).not.toEqual(objectsOf(build(environmentOf(base)).files).map(({ object }) => object));
    },
  );

  it('and does not where it is accepted, is told of the entry', () => {
    const { findings } = accepted([server, set('/metadata/annotations/a', 'b')]);
    expect(findings).toMatchObject([{ rule: 'accept-unused', severity: 'warning', field: 'accept.0' }]);
    expect(findings[0]!.line).toBeGreaterThan(1);
    expect(load({ ...base, yaml: base.yaml + ACCEPTED }).findings).toContainEqual(
      expect.objectContaining({ rule: 'accept-unused', field: 'accept.0' }),
    );
  });

  it('is in the table for every promise', () => {
    expect(Object.keys(breaking)).toHaveLength(promises.length);
    for (const { promise } of promises) {
      expect(
        Object.keys(breaking).some((part) => promise.startsWith(part)),
        promise,
      ).toBe(true);
    }
  });

  it('is listed in the how-to for every promise', () => {
    const page = readFileSync(new URL('../../docs/how-to/patches-and-extra-objects.md', import.meta.url), 'utf8');
    for (const { promise } of promises) expect(page.replaceAll('\n', ' ')).toContain(promise);
  });
});

describe('a patch that breaks none', () => {
  it.each(harmless.map((patch) => [JSON.stringify(patch.slice(1)), patch] as const))('is done: %s', (_, patch) => {
    const { findings, objects } = patched(patch);
    expect(findings).toEqual([]);
    const before = objectsOf(build(environmentOf(base)).files).map(({ object }) => object);
    const named = (all: KubeObject[]) =>
      new Map(all.map((object) => [idOf(object).replace(/-[0-9a-f]{10}$/, ''), object]));
    const changed = [...named(objects)].filter(
      ([id, object]) => JSON.stringify(object) !== JSON.stringify(named(before).get(id)),
    );
    expect(changed.length).toBeGreaterThan(0);
  });

  it('and reaches the migration makes a Job of another name, which the gate waits for', () => {
    const names = (patch: Patch) =>
      patched(patch)
        .objects.filter(({ kind }) => kind === 'Job')
        .map(idOf);
    const [before] = names([{ kind: 'Service' }, set('/metadata/labels/a', 'b')]);
    expect(names([server, set(`${POD}/schedulerName`, 'packing')])).toContain(before);
    for (const target of [job, { kind: 'Job' }, { component: 'migration', kind: 'Job' }]) {
      const { objects } = patched([target, set('/spec/backoffLimit', 3)]);
      const migration = objects.find(({ metadata }) => metadata.name.startsWith('hexclave-migrate-'));
      expect(idOf(migration)).not.toBe(before);
      expect(migration.spec.backoffLimit).toBe(3);
      const gate = objects.find((object) => idOf(object) === 'Deployment/hexclave-server').spec.template.spec
        .initContainers[0];
      const { value } = gate.env.find(({ name }: KubeObject) => name === 'RELEASE_ID');
      expect(idOf(migration)).toBe(`Job/hexclave-migrate-${value}`);
    }
  });

  it('sees what the patches before it have made, and objects of extra/', () => {
    const yaml = patchesYaml([
      [server, set('/metadata/annotations/acme.test~1a', 'first')],
      [server, { op: 'test', path: '/metadata/annotations/acme.test~1a', value: 'first' }],
      [{ name: 'own' }, set('/data/b', 'patched')],
    ]);
    const extra = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: own }\ndata: { a: b }\n';
    const { findings, files } = build(
      environmentOf({ ...base, yaml: base.yaml + yaml, others: { 'extra/own.yaml': extra } }),
    );
    expect(findings).toEqual([]);
    expect(files.get('05-extra.k8s.yaml')).toContain('b: patched');
  });
});

it.each(['evaluation', 'rendered'])('the promises know every program of ours: the case %s', (name) => {
  const environment = environmentOf(snapshotCases[name]!);
  for (const before of [...build(environment).objects.values()].flat()) {
    for (const { name: container } of podTemplatesOf(before).flatMap(containersOf)) {
      const after = structuredClone(before);
      podTemplatesOf(after)
        .flatMap(containersOf)
        .find((one) => one.name === container).args = ['--other'];
      const broken = promises.filter((promise) => promise.isBroken(before, after, environment));
      expect(broken.length, `${idOf(before)} ${container}`).toBeGreaterThan(0);
    }
  }
});

describe('a patch that cannot be done', () => {
  it.each([
    [{ kind: 'DaemonSet' }, 'There are: ConfigMap/hexclave-clickhouse, ConfigMap/hexclave-config'],
    [{ kind: 'Deployment', name: 'hexclave' }, 'There are: Deployment/hexclave-renderer, Deployment/hexclave-server.'],
    [{ component: 'constructor' }, 'There are: '],
    [{ kind: 'Job', name: 'hexclave-migrate-0123456789' }, 'There are: Job/hexclave-buckets-'],
  ])('says what there is when its target fits nothing: %j', (target, fix) => {
    const { findings } = patched([target, set('/a', 1)]);
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'patch-target', severity: 'error', field: 'patches.0.target' }),
    ]);
    expect(findings[0]!.fix).toContain(fix);
  });

  it.each([
    [remove('/spec/nothing')],
    [set('/spec/nothing/at/all', 1)],
    [{ op: 'replace', path: '/spec/template/spec/containers/7/image', value: 'x' }],
    [{ op: 'test', path: '/spec/replicas', value: 7 }],
  ])('says which operation, and changes nothing: %j', (operation) => {
    const { findings, files } = patched([server, set('/metadata/annotations/acme.test~1a', 'b'), operation]);
    expect(findings).toEqual([expect.objectContaining({ rule: 'patch-failed', field: 'patches.0.patch.1' })]);
    expect(files.get('40-server.k8s.yaml')).not.toContain('acme.test/a');
  });

  it.each([
    '/spec/__proto__/polluted',
    '/spec/constructor/prototype/polluted',
    '/metadata/labels/constructor',
    'spec',
    '',
    '/a~b',
  ])('because its path is none, or one of JavaScript’s own, is refused where it stands: %s', (path) => {
    const { environment, findings } = load({ ...base, yaml: base.yaml + patchesYaml([[server, set(path, true)]]) });
    expect(environment).toBeUndefined();
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'environment-yaml-invalid-value', field: 'patches.0.patch.0.path' }),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    [set(`${POD}/containers/-`, { name: 'server', image: 'a' }), 'two of its containers are called server'],
    [set(`${CONTAINER}/volumeMounts/-`, { name: 'nowhere', mountPath: '/x' }), 'mounts nowhere'],
    [set(`${CONTAINER}/resources/requests/memory`, '900Gi'), 'requests more memory than its limit'],
    [set(`${CONTAINER}/env/-`, { name: 'HOME', value: '/tmp' }), 'sets HOME twice'],
  ])('because Kubernetes would refuse what it makes, says why: %j', (operation, reason) => {
    const found = patched([server, operation]).findings.filter(({ rule }) => rule === 'object-refused');
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toContain(reason);
  });
});

const base: Files = snapshotCases.evaluation!;

function patchesYaml(patches: readonly Patch[]): string {
  return `\npatches: ${JSON.stringify(patches.map(([target, ...patch]) => ({ target, patch })))}\n`;
}

const ACCEPTED = "\naccept: [{ rule: patch-breaks-promise, reason: 'Ours since 2019' }]\n";

function accepted(...patches: readonly Patch[]) {
  return outcome(ACCEPTED + patchesYaml(patches));
}

function patched(...patches: readonly Patch[]) {
  return outcome(patchesYaml(patches));
}

function outcome(yaml: string) {
  const built = build(environmentOf({ ...base, yaml: base.yaml + yaml }));
  return { ...built, objects: objectsOf(built.files).map(({ object }) => object) };
}
