import { describe, expect, it } from 'vitest';
import { synthesize } from '../support/cases';
import { crdErrors } from '../support/crds';
import { type EdgeCase, edgeCases } from '../support/edge-cases';
import { idOf, type KubeObject, objectsOf } from '../support/objects';

/** The groups that every cluster has; the others are custom resources. */
const BUILT_IN = ['v1', 'apps/v1', 'batch/v1', 'autoscaling/v2', 'policy/v1'];

function customResources(name: EdgeCase): KubeObject[] {
  return objectsOf(synthesize(edgeCases[name]))
    .map(({ object }) => object)
    .filter(
      ({ apiVersion }) =>
        !BUILT_IN.includes(apiVersion) && !/^(networking|rbac\.authorization)\.k8s\.io\/v1$/.test(apiVersion),
    );
}

describe('custom resources', () => {
  it.each(Object.keys(edgeCases) as EdgeCase[])('of the case %s are what their definitions ask for', (name) => {
    for (const object of customResources(name)) expect(crdErrors(object), idOf(object)).toEqual([]);
  });

  it('of all kinds are among the cases', () => {
    const kinds = (Object.keys(edgeCases) as EdgeCase[]).flatMap(customResources).map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual([
      'BackendConfig',
      'BackendTrafficPolicy',
      'Certificate',
      'ClientTrafficPolicy',
      'FrontendConfig',
      'Gateway',
      'HTTPRoute',
      'ManagedCertificate',
      'Middleware',
      'ReferenceGrant',
      'Route',
      'ServersTransport',
    ]);
  });

  it.each([
    [
      'a field that is not defined',
      (route: KubeObject) => (route.spec.rules[0].timeouts.response = '1s'),
      'additional',
    ],
    ['a value that is not allowed', (route: KubeObject) => (route.spec.rules[0].filters[0].type = 'Other'), 'allowed'],
    ['a missing field', (route: KubeObject) => delete route.spec.parentRefs[0].name, 'required'],
    ['a value of another form', (route: KubeObject) => (route.spec.rules[0].timeouts.request = '300'), 'pattern'],
  ])('with %s would be refused', (_, change, message) => {
    const route = customResources('gateway').find(({ kind }) => kind === 'HTTPRoute');
    expect(crdErrors(route)).toEqual([]);
    change(route);
    expect(crdErrors(route)?.join('\n')).toContain(message);
  });
});
