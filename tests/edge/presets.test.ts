import { describe, expect, it } from 'vitest';
import { type EdgeProperty, edgePresets, edgeProperties, presetNames } from '../../config/edge-presets';
import { judge } from '../../config/rules';
import { madeUp, synthesize } from '../support/cases';
import { draft } from '../support/draft';
import { edgeFiles } from '../support/edge-cases';
import { type KubeObject, objectsOf } from '../support/objects';

const gateway = { name: 'public' };
const tls = { secrets: { api: 'api-tls', dashboard: 'dashboard-tls' } };

const gapsOf = presetNames.flatMap((preset) =>
  (['ingress', 'gateway'] as const).flatMap((type) =>
    (Object.entries(edgePresets[preset][type] ?? {}) as [EdgeProperty, string][]).map(([property, where]) => ({
      preset,
      type,
      property,
      where,
    })),
  ),
);

describe('what a controller cannot be told', () => {
  it('is known of more than one controller and for both kinds of edge', () => {
    expect(new Set(gapsOf.map(({ preset }) => preset)).size).toBeGreaterThan(4);
    expect(new Set(gapsOf.map(({ type }) => type)).size).toBe(2);
  });

  it.each(gapsOf)(
    'is named for $preset and $type: $property, and where to set it',
    ({ preset, type, property, where }) => {
      const edge = { type, preset, tls, ...(type === 'gateway' && { gateway }) };
      const found = judge(draft({ settings: { edge } })).filter(({ rule }) => rule === 'edge-preset-gap');
      expect(found.map(({ fix }) => fix)).toContain(`${where} Then list ${property} under edge.elsewhere.`);
      expect(found.every(({ severity, field }) => severity === 'warning' && field === 'edge.preset')).toBe(true);

      const known = judge(draft({ settings: { edge: { ...edge, elsewhere: [property] } } }));
      expect(known.filter(({ rule }) => rule === 'edge-preset-gap')).toHaveLength(found.length - 1);
    },
  );

  it('says what an attacker could do where the server would believe a forged address', () => {
    const settings = { edge: { type: 'ingress', preset: 'contour', tls } };
    const found = judge(draft({ settings })).find(({ rule }) => rule === 'trusted-proxy-disagrees');
    expect(found).toMatchObject({ severity: 'error', field: 'HEXCLAVE_TRUSTED_PROXY' });
    expect(found?.message).toContain('whoever sends the header has any address they like');
  });
});

const server = (object: KubeObject) => object.kind === 'Deployment' && object.metadata.name === 'hexclave-server';
const variable = (yaml: string, name: string) =>
  objectsOf(synthesize(edgeFiles(yaml)))
    .find(({ object }) => server(object))!
    .object.spec.template.spec.containers[0].env.find((entry: { name: string }) => entry.name === name)?.value;

describe('the server behind a controller', () => {
  it.each(presetNames.map((preset) => ({ preset, type: edgePresets[preset].ingress ? 'ingress' : 'gateway' })))(
    'keeps idle connections longer than $preset does',
    ({ preset, type }) => {
      const certificates = preset === 'aws-alb' ? 'external: true' : 'issuer: ca';
      const yaml = `edge: { type: ${type}, preset: ${preset}, gateway: { name: public }, tls: { ${certificates} }, elsewhere: [${edgeProperties}] }`;
      expect(Number(variable(yaml, 'KEEP_ALIVE_TIMEOUT'))).toBeGreaterThan(edgePresets[preset].idleSeconds * 1000);
    },
  );

  it('may be reached by anyone, unless the namespace of the controller is named', () => {
    const policy = (yaml: string) =>
      objectsOf(synthesize(edgeFiles(yaml))).find(
        ({ object }) => object.kind === 'NetworkPolicy' && object.metadata.name === 'hexclave-server',
      )!.object.spec;
    expect(policy('edge: { type: none }').ingress).toEqual([
      { ports: [8102, 8101].map((port) => ({ protocol: 'TCP', port })) },
    ]);
    const narrowed = policy('edge: { type: none }\nnetwork: { ingressNamespace: gateways }');
    const namespace = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateways' } } };
    expect(narrowed.ingress.map(({ from }: KubeObject) => from)).toEqual([
      [namespace],
      [{ podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'maintenance' }) } }],
    ]);
    expect(narrowed.egress).toContainEqual({
      to: [namespace],
      ports: [443, 8443].map((port) => ({ protocol: 'TCP', port })),
    });
  });
});

describe('the public bucket in the namespace', () => {
  const ingresses = (preset: string) => {
    const yaml = `edge: { preset: ${preset}, tls: { external: true }, elsewhere: [${edgeProperties}] }\nstores: { postgres: { mode: bundled }, s3: { mode: seaweedfs } }`;
    const base = edgeFiles(yaml);
    const { STACK_DATABASE_CONNECTION_STRING: _, ...secrets } = base.secrets!;
    const config = { ...base.config, STACK_S3_PUBLIC_ENDPOINT: 'https://assets.acme.test/hexclave' };
    const ofStores = { POSTGRES_PASSWORD: 'a', STACK_S3_ACCESS_KEY_ID: 'b', STACK_S3_SECRET_ACCESS_KEY: 'c' };
    const made = Object.entries(ofStores).map(([name, seed]) => [name, madeUp(seed, 40)]);
    return objectsOf(synthesize({ ...base, config, secrets: { ...secrets, ...Object.fromEntries(made) } }))
      .map(({ object }) => object)
      .filter(({ kind }) => kind === 'Ingress');
  };

  it.each(presetNames.filter((name) => edgePresets[name].ingress && name !== 'gke'))(
    'is behind %s with what the API is behind it with',
    (preset) => {
      const [api, bucket] = ['hexclave-api', 'hexclave-seaweedfs'].map((name) => {
        const { metadata, spec } = ingresses(preset).find((object) => object.metadata.name === name)!;
        const { 'hexclave.dev/evaluation': _, ...annotations } = metadata.annotations;
        return { annotations, className: spec.ingressClassName };
      });
      const health = 'alb.ingress.kubernetes.io/healthcheck-path';
      if (preset === 'aws-alb') expect(bucket!.annotations[health]).toBe('/healthz');
      expect({ ...bucket!.annotations, [health]: '' }).toEqual({ ...api!.annotations, [health]: '' });
      expect(bucket!.className).toBe(api!.className);
    },
  );

  it('gets no Ingress on GKE, where its health check would fail', () => {
    expect(ingresses('gke').map(({ metadata }) => metadata.name)).toEqual(['hexclave']);
  });
});

describe('annotations of the user', () => {
  it('stand over those of the preset', () => {
    const files = edgeFiles(
      "edge: { preset: haproxy, tls: { issuer: ca }, annotations: { haproxy.org/timeout-server: '20s', acme.test/a: b } }",
    );
    for (const { object } of objectsOf(synthesize(files)).filter((item) => item.object.kind === 'Ingress')) {
      expect(object.metadata.annotations).toMatchObject({ 'haproxy.org/timeout-server': '20s', 'acme.test/a': 'b' });
    }
  });
});
