import { describe, expect, it } from 'vitest';
import { stages } from '../../charts/stages';
import type { Environment } from '../../config/environment';
import { environmentOf, synthesize } from '../support/cases';
import { edgeCases } from '../support/edge-cases';
import { containersOf, idOf, type KubeObject, matches, objectsOf, templatesOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

/** The Secret that a controller makes from an object, with the keys that the object says it gets. */
function produced({ kind, metadata, spec }: KubeObject): [string, KubeObject][] {
  if (kind === 'SealedSecret') return [[`Secret/${metadata.name}`, { data: spec.encryptedData }]];
  if (kind !== 'ExternalSecret') return [];
  const stored = (spec.data ?? []).map((item: KubeObject) => item.secretKey);
  const generated = (spec.dataFrom ?? []).map((item: KubeObject) => item.rewrite[0].regexp.target);
  const data = Object.fromEntries([...stored, ...generated].map((key) => [key, '']));
  return [[`Secret/${spec.target.name}`, { data }]];
}

/** What the blocks of `pods` say for a pod, in the order in which they count. */
function podBlocks({ settings }: Environment, template: KubeObject) {
  const component = template.metadata.labels['app.kubernetes.io/component'];
  const group = ['server', 'migration', 'maintenance', 'renderer', 'backup'].includes(component) ? component : 'stores';
  const { all = {}, [group as 'server']: own = {} } = settings.pods;
  return { group, all, own };
}

/** What must hold for every object of every case: a new chart or a new case is held to it without a line here. */
describe.each([
  ...Object.entries(snapshotCases),
  ...Object.entries(edgeCases).map(([name, files]) => [`edge ${name}`, files] as const),
])('every object of the case %s', (_, files) => {
  const environment = environmentOf(files);
  const texts = synthesize(files);
  const objects = objectsOf(texts);
  const templates = templatesOf(objects);
  // Pods of the user's own objects have the user's own fields, and a policy that closes them.
  const ours = templates.filter(({ template }) => !template.metadata.labels['hexclave.dev/extra']);

  it('is emitted once', () => {
    const ids = objects.map(({ object }) => idOf(object));
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.length).toBeGreaterThan(8);
  });

  it('carries the namespace, the standard labels and the labels of the user', () => {
    for (const { object } of objects) {
      if (object.kind !== 'Namespace') expect(object.metadata.namespace, idOf(object)).toBe(environment.namespace);
      expect(object.metadata.labels, idOf(object)).toMatchObject({
        ...environment.settings.labels,
        'app.kubernetes.io/instance': environment.name,
        'app.kubernetes.io/part-of': 'hexclave',
        'app.kubernetes.io/managed-by': 'cdk8s-hexclave',
      });
      expect(object.metadata.labels['app.kubernetes.io/name'], idOf(object)).toBe(
        idOf(object) === 'ConfigMap/reports' ? 'reports' : 'hexclave',
      );
      expect(object.metadata.annotations, idOf(object)).toMatchObject(environment.settings.annotations);
    }
  });

  it('has the wave of its file, so that kubectl and Argo CD apply in one order', () => {
    const waves = Object.values(stages).map(({ file, wave }) => ({ file, wave }));
    expect(waves.map(({ wave }) => wave)).toEqual(waves.map(({ wave }) => wave).sort((a, b) => a - b));
    expect(waves.map(({ file }) => file)).toEqual(waves.map(({ file }) => file).sort());
    for (const { file, object } of objects) {
      const stage = waves.find((item) => file === `${item.file}.k8s.yaml`);
      const wave = object.metadata.annotations['argocd.argoproj.io/sync-wave'];
      // An object of the user's own may say when it is to be applied.
      if (file === '70-extra.k8s.yaml' && object.metadata.name === 'reports') expect(wave).toBe('5');
      else expect(wave, idOf(object)).toBe(String(stage?.wave));
    }
  });

  it('has a name and label values that Kubernetes takes', () => {
    for (const { object } of objects) {
      const limit = object.kind === 'CronJob' ? 52 : 63;
      expect(object.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      expect(object.metadata.name.length, idOf(object)).toBeLessThanOrEqual(limit);
      for (const value of Object.values<string>(object.metadata.labels)) {
        expect(value).toMatch(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/);
      }
    }
  });

  it('that makes pods hardens every container of them', () => {
    expect(ours.length).toBeGreaterThan(0);
    for (const { owner, template } of ours) {
      const { group, all, own } = podBlocks(environment, template);
      const account =
        own.serviceAccount?.name ?? (own.serviceAccount?.annotations ? `hexclave-${group}` : all.serviceAccount?.name);
      expect(template.spec, idOf(owner)).toMatchObject({
        serviceAccountName: account ?? 'hexclave',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      const { runAsUser, runAsGroup, fsGroup } = template.spec.securityContext;
      if (environment.settings.platform === 'openshift') {
        expect([runAsUser, runAsGroup, fsGroup], idOf(owner)).toEqual([undefined, undefined, undefined]);
      } else {
        expect(runAsUser, idOf(owner)).toBeGreaterThanOrEqual(1000);
        expect([runAsGroup, fsGroup], idOf(owner)).toEqual([runAsUser, runAsUser]);
      }
      for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace']) {
        expect(template.spec[field], idOf(owner)).toBeUndefined();
      }
      for (const container of containersOf(template)) {
        // A sidecar is somebody else's image and may have another user, but not root.
        const { runAsUser: user = 1000, ...hardening } = container.securityContext;
        expect(user, container.name).toBeGreaterThan(0);
        expect(hardening, container.name).toEqual({
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        });
        for (const kind of ['requests', 'limits']) {
          expect(Object.keys(container.resources[kind]).sort(), container.name).toEqual([
            'cpu',
            'ephemeral-storage',
            'memory',
          ]);
        }
      }
    }
  });

  // A server-side apply refuses such a container (kubernetes#113482); a client-side one loses an entry in silence.
  it('that makes pods sets no variable of a container twice', () => {
    for (const { owner, template } of templates) {
      for (const container of containersOf(template)) {
        const names: string[] = (container.env ?? []).map(({ name }: KubeObject) => name);
        const twice = names.filter((name, index) => names.indexOf(name) !== index);
        expect(twice, `${idOf(owner)} ${container.name}`).toEqual([]);
      }
    }
  });

  it('that makes pods takes the registry, the pull secrets, the nodes and the tolerations of the environment', () => {
    const { settings } = environment;
    for (const { owner, template } of ours) {
      expect(template.spec.imagePullSecrets ?? [], idOf(owner)).toEqual(
        settings.imagePullSecrets.map((name) => ({ name })),
      );
      const { all, own } = podBlocks(environment, template);
      expect(template.spec.nodeSelector ?? {}, idOf(owner)).toEqual({
        ...settings.nodeSelector,
        ...all.nodeSelector,
        ...own.nodeSelector,
      });
      expect(template.spec.tolerations ?? [], idOf(owner)).toEqual([
        ...settings.tolerations,
        ...(all.tolerations ?? []),
        ...(own.tolerations ?? []),
      ]);
      for (const container of containersOf(template)) {
        expect(container.image, container.name).toMatch(/:[\w.-]+(@sha256:[0-9a-f]{64})?$/);
        expect(container.image.startsWith(`${settings.registry ?? 'docker.io'}/`), container.image).toBe(true);
        expect(container.imagePullPolicy).toBe('IfNotPresent');
      }
    }
  });

  it('that selects pods selects exactly the pods it is for', () => {
    const pods = templates.map(({ owner, template }) => ({ owner: idOf(owner), labels: template.metadata.labels }));
    const selected = (selector: Record<string, string>) =>
      pods.filter(({ labels }) => matches(selector, labels)).map(({ owner }) => owner);
    for (const { object } of objects) {
      if (object.kind === 'Deployment') expect(selected(object.spec.selector.matchLabels)).toEqual([idOf(object)]);
      if (object.kind === 'StatefulSet') expect(selected(object.spec.selector.matchLabels)).toEqual([idOf(object)]);
      if (object.kind === 'Service') {
        // A store's Service is called as the object that makes its pods.
        const store = pods.find(({ owner }) => owner.endsWith(`/${object.metadata.name}`));
        expect(selected(object.spec.selector)).toEqual([store?.owner ?? 'Deployment/hexclave-server']);
      }
      if (object.kind === 'PodDisruptionBudget') {
        // A budget is called as the object whose pods it is about.
        expect(selected(object.spec.selector.matchLabels)).toEqual([`Deployment/${object.metadata.name}`]);
      }
      if (object.kind !== 'NetworkPolicy') continue;
      const selector = object.spec.podSelector.matchLabels;
      const component = object.metadata.labels['app.kubernetes.io/component'];
      const isFor = (labels: KubeObject) => {
        const extra = labels['hexclave.dev/extra'] !== undefined;
        if (object.metadata.name === 'hexclave-default-deny') return !extra;
        return object.metadata.name === 'hexclave-extra' ? extra : labels['app.kubernetes.io/component'] === component;
      };
      const expected = pods.filter(({ labels }) => isFor(labels));
      expect(selected(selector), idOf(object)).toEqual(expected.map(({ owner }) => owner));
    }
  });

  it('that is a pod is covered by a policy of its own besides the one that denies', () => {
    const policies = objects.map(({ object }) => object).filter(({ kind }) => kind === 'NetworkPolicy');
    for (const { owner, template } of templates) {
      const own = policies.filter(({ spec }) => matches(spec.podSelector.matchLabels, template.metadata.labels));
      expect(
        own.map(({ metadata }) => metadata.name),
        idOf(owner),
      ).toHaveLength(ours.some((one) => one.owner === owner) ? 2 : 1);
      for (const { spec } of own) expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    }
  });

  it('that is a Service, an Ingress, a route or a probe reaches a port that a container declares', () => {
    const portsOf = (selector: Record<string, string>) =>
      templates
        .filter(({ template }) => matches(selector, template.metadata.labels))
        .flatMap(({ template }) => containersOf(template).flatMap((container) => container.ports ?? []));
    for (const { object } of objects) {
      for (const port of object.kind === 'Service' ? object.spec.ports : []) {
        const target = portsOf(object.spec.selector).find(({ name }) => name === port.targetPort);
        expect(target?.containerPort, idOf(object)).toBe(port.port);
      }
      for (const rule of object.kind === 'Ingress' ? object.spec.rules : []) {
        const { service } = rule.http.paths[0].backend;
        const target = objects.find(
          (item) => item.object.kind === 'Service' && item.object.metadata.name === service.name,
        );
        expect(target?.object.spec.ports.map(({ name }: { name: string }) => name)).toContain(service.port.name);
      }
      for (const rule of object.kind === 'HTTPRoute' ? object.spec.rules : []) {
        for (const backend of rule.backendRefs ?? []) {
          const service = objects.find((item) => idOf(item.object) === `Service/${backend.name}`)?.object;
          expect(
            service?.spec.ports.map(({ port }: { port: number }) => port),
            idOf(object),
          ).toContain(backend.port);
        }
      }
      if (object.kind === 'Route') {
        const service = objects.find((item) => idOf(item.object) === `Service/${object.spec.to.name}`)?.object;
        expect(
          service?.spec.ports.map(({ name }: { name: string }) => name),
          idOf(object),
        ).toContain(object.spec.port.targetPort);
      }
    }
    for (const { template } of templates) {
      for (const container of containersOf(template)) {
        for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
          if (probe?.httpGet)
            expect(container.ports.map(({ name }: { name: string }) => name)).toContain(probe.httpGet.port);
        }
      }
    }
  });

  it('that names a Secret, a ConfigMap, a volume or a ServiceAccount names one that is emitted or declared', () => {
    const emitted = new Map(objects.flatMap(({ object }) => [[idOf(object), object] as const, ...produced(object)]));
    const declared = new Set([
      ...(environment.settings.secrets.mode === 'existing' ? [environment.secretName] : []),
      ...Object.values(environment.references).map(({ secret }) => secret),
      ...(environment.migrationDatabase ? [environment.migrationDatabase.secret] : []),
    ]);
    const check = (kind: string, name: string, key?: string) => {
      const object = emitted.get(`${kind}/${name}`);
      if (object && key) expect(Object.keys(object.data), `${kind} ${name}`).toContain(key);
      if (!object)
        expect(kind === 'Secret' ? [...declared] : [environment.settings.caBundle?.configMap]).toContain(name);
    };
    for (const { owner, template } of templates) {
      const volumes = [
        ...(template.spec.volumes ?? []).map(({ name }: { name: string }) => name),
        ...(owner.spec.volumeClaimTemplates ?? []).map(({ metadata }: KubeObject) => metadata.name),
      ];
      const mounted = containersOf(template).flatMap((container) => container.volumeMounts ?? []);
      expect(new Set(mounted.map(({ name }) => name))).toEqual(new Set(volumes));
      const { serviceAccountName } = template.spec;
      if (podBlocks(environment, template).own.serviceAccount?.name !== serviceAccountName)
        expect(emitted.has(`ServiceAccount/${serviceAccountName}`)).toBe(true);
      for (const volume of template.spec.volumes ?? []) {
        for (const item of volume.secret?.items ?? []) check('Secret', volume.secret.secretName, item.key);
        if (volume.configMap) check('ConfigMap', volume.configMap.name);
      }
      for (const container of containersOf(template)) {
        for (const source of container.envFrom ?? []) {
          check(source.secretRef ? 'Secret' : 'ConfigMap', (source.secretRef ?? source.configMapRef).name);
        }
        for (const { valueFrom } of container.env ?? []) {
          if (valueFrom?.secretKeyRef) check('Secret', valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key);
          if (valueFrom?.configMapKeyRef)
            check('ConfigMap', valueFrom.configMapKeyRef.name, valueFrom.configMapKeyRef.key);
        }
      }
    }
  });

  it('but the Secret is free of secret values, plain or encoded', () => {
    const values = Object.values(files.secrets ?? {});
    for (const [file, text] of texts) {
      if (file === '11-secret.k8s.yaml') continue;
      for (const value of values) {
        expect(text.includes(value), file).toBe(false);
        expect(text.includes(Buffer.from(value).toString('base64')), file).toBe(false);
      }
    }
  });

  it('that is a Job or a CronJob never restarts in place, has a deadline and no time to live', () => {
    for (const { object } of objects) {
      const spec =
        object.kind === 'Job' ? object.spec : object.kind === 'CronJob' ? object.spec.jobTemplate.spec : undefined;
      if (!spec) continue;
      expect(spec.template.spec.restartPolicy, idOf(object)).toBe('Never');
      expect(spec.activeDeadlineSeconds, idOf(object)).toBeGreaterThan(0);
      expect(spec.ttlSecondsAfterFinished, idOf(object)).toBeUndefined();
    }
  });
});
