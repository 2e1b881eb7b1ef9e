import type { Draft, Rule } from '../draft';
import { edgeController, inSentence } from '../edge-controller';
import { type EdgeProperty, edgePresets } from '../edge-presets';
import { withSetting } from './read';

/** What stands in front of the server: whether it is described completely, and what it cannot be told from here. */
export const edge: readonly Rule[] = [
  {
    id: 'edge-tls-missing',
    severity: 'error',
    summary: 'An Ingress or route without certificates.',
    *check(draft) {
      const { type, tls } = draft.settings.edge;
      if (type === 'none' || tls) return;
      yield withSetting(
        draft,
        'edge.tls',
        'error',
        'The public URLs are https, and nothing says where their certificates come from.',
        'Add { clusterIssuer: <name> }, { issuer: <name> }, { secrets: { api, dashboard } }, { certificateArns: […] } on AWS, { managedCertificate: true } on GKE, or { external: true } if TLS ends elsewhere.',
      );
    },
  },
  {
    id: 'edge-tls-unfit',
    severity: 'error',
    summary: 'Certificates of a kind that this controller cannot use.',
    *check(draft) {
      const problem = unfitTls(draft);
      if (problem) yield withSetting(draft, 'edge.tls', 'error', problem.message, problem.fix);
    },
  },
  {
    id: 'edge-preset-type',
    severity: 'error',
    summary: 'The preset does not read the objects of this edge.type.',
    *check(draft) {
      const { type, preset } = draft.settings.edge;
      if (type === 'none' || edgePresets[preset][type]) return;
      yield withSetting(
        draft,
        'edge.preset',
        'error',
        type === 'ingress'
          ? `${edgePresets[preset].title} takes no Ingress, only routes of the Gateway API.`
          : `There is no preset of ${inSentence(edgePresets[preset].title)} for the Gateway API.`,
        type === 'ingress' ? 'Use edge.type gateway.' : 'Use edge.type ingress, or preset none.',
      );
    },
  },
  {
    id: 'edge-gateway',
    severity: 'error',
    summary: 'edge.type gateway without a Gateway, or with two.',
    *check(draft) {
      const { type, gateway } = draft.settings.edge;
      if (type !== 'gateway' || (gateway?.name === undefined) !== (gateway?.create === undefined)) return;
      yield withSetting(
        draft,
        'edge.gateway',
        'error',
        gateway?.name === undefined
          ? 'Nothing says which Gateway the routes belong to.'
          : 'The routes cannot belong to an existing Gateway and to a new one.',
        'Write name (and namespace) of an existing Gateway, or create: { className }.',
      );
    },
  },
  {
    id: 'edge-unused',
    severity: 'warning',
    summary: 'Fields of the edge are set and nothing is emitted from them.',
    *check(draft) {
      for (const [path, why] of unused(draft)) {
        yield withSetting(draft, path, 'warning', `${why}, so this has no effect.`, 'Remove it.');
      }
    },
  },
  {
    id: 'edge-preset-none',
    severity: 'warning',
    summary: 'An Ingress for a controller that is not named.',
    *check(draft) {
      const { type, preset, annotations, elsewhere } = draft.settings.edge;
      if (type !== 'ingress' || preset !== 'none' || draft.settings.platform === 'openshift') return;
      if (Object.keys(annotations).length > 0 || elsewhere.length > 0) return;
      yield withSetting(
        draft,
        'edge.preset',
        'warning',
        'The Ingress says nothing about bodies of 16 MB, answers that take 300 s or stream, the redirect to https with 308, HSTS, or the client’s address; controllers differ in what they do then.',
        'Name the controller as edge.preset, write its edge.annotations yourself, or list what you have set in it under edge.elsewhere.',
      );
    },
  },
  {
    id: 'edge-preset-gap',
    severity: 'warning',
    summary: 'Something the server needs that this controller cannot be told by the objects emitted here.',
    *check(draft) {
      const { type, elsewhere, gateway } = draft.settings.edge;
      if (type === 'none') return;
      const { title, ...controller } = edgeController(draft.settings);
      const gaps = Object.entries(controller[type] ?? {}) as [EdgeProperty, string][];
      for (const [property, where] of gaps) {
        const given = property === 'forwarded' && gateway?.create && draft.settings.edge.preset === 'envoy-gateway';
        const off = property === 'hsts' && draft.settings.edge.hsts === 0;
        if (given || off || elsewhere.includes(property)) continue;
        yield withSetting(
          draft,
          'edge.preset',
          'warning',
          `${title} cannot be told from here ${NEEDS[property]}`,
          `${where} Then list ${property} under edge.elsewhere.`,
        );
      }
    },
  },
  {
    id: 'edge-preset-retired',
    severity: 'warning',
    summary: 'The controller has no maintainers any more.',
    *check(draft) {
      if (draft.settings.edge.type !== 'ingress' || draft.settings.edge.preset !== 'nginx-legacy') return;
      yield withSetting(
        draft,
        'edge.preset',
        'warning',
        'ingress-nginx was retired in March 2026: nobody mends a hole in it any more, and this one stands in front of every password.',
        'Move to another controller; docs/how-to/https.md has a section on each.',
      );
    },
  },
  {
    id: 'edge-redirect-301',
    severity: 'warning',
    summary: 'http is sent to https with 301.',
    *check(draft) {
      const { type, gateway, elsewhere } = draft.settings.edge;
      if (type !== 'gateway' || gateway?.redirect !== 301 || elsewhere.includes('redirect')) return;
      yield withSetting(
        draft,
        'edge.gateway.redirect',
        'warning',
        'After 301 clients repeat a POST as a GET, without its body.',
        'Write 308 once the cluster’s Gateway API knows it, or list redirect under edge.elsewhere.',
      );
    },
  },
];

/** What goes wrong without each. */
const NEEDS: Readonly<Record<EdgeProperty, string>> = {
  'body-size': 'to take bodies of 16 MB; AI requests with images would be refused.',
  'read-timeout': 'to wait 300 s for an answer; AI answers and analytics queries would be cut off.',
  streaming: 'to pass answers on as they come; AI answers would arrive all at once.',
  redirect: 'to answer http with 308; a POST to the http address would arrive as a GET.',
  hsts: 'to send Strict-Transport-Security; the first request of every visit may go out in the clear.',
  'real-ip': 'to overwrite X-Real-IP; clients choose the address that the server judges and logs them by.',
  forwarded: 'to overwrite X-Forwarded-*; what clients send there stays in front.',
};

function* unused(draft: Draft): Iterable<[path: string, why: string]> {
  const { type, tls, ingressClassName, annotations, gateway, preset, behind, elsewhere } = draft.settings.edge;
  if (type === 'none') {
    const why = 'With edge.type none nothing is emitted for the edge';
    if (tls) yield ['edge.tls', why];
    if (Object.keys(annotations).length > 0) yield ['edge.annotations', why];
    if (preset !== 'none') yield ['edge.preset', why];
    if (elsewhere.length > 0) yield ['edge.elsewhere', why];
    if (behind) yield ['edge.behind', why];
  }
  if (ingressClassName !== undefined && type !== 'ingress') yield ['edge.ingressClassName', 'There is no Ingress'];
  if (
    ingressClassName !== undefined &&
    type === 'ingress' &&
    preset === 'none' &&
    draft.settings.platform === 'openshift'
  )
    yield ['edge.ingressClassName', 'OpenShift gets Routes here'];
  if (gateway && type !== 'gateway') yield ['edge.gateway', 'edge.type is not gateway'];
}

function unfitTls(draft: Draft): { message: string; fix: string } | undefined {
  const { type, tls, preset } = draft.settings.edge;
  if (type === 'none' || !tls) return undefined;
  const alb = type === 'ingress' && preset === 'aws-alb';
  const gke = type === 'ingress' && preset === 'gke';
  if ('certificateArns' in tls && !alb)
    return { message: 'Only an AWS load balancer can use these.', fix: 'Use preset aws-alb, or other certificates.' };
  if ('managedCertificate' in tls && !gke)
    return { message: 'Only Google’s load balancer can use these.', fix: 'Use preset gke, or other certificates.' };
  if (alb && !('certificateArns' in tls) && !('external' in tls))
    return {
      message: 'An AWS load balancer reads no Secrets: its certificates are in ACM.',
      fix: 'Write { certificateArns: […] }, or { external: true } if TLS ends in front of it.',
    };
  return undefined;
}
