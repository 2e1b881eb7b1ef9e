import type { Draft, Rule } from '../draft';
import { edgeController, inSentence } from '../edge-controller';
import type { Severity } from '../finding';
import { isInternal } from '../hosts';
import { known, knownUrl, present, withSetting, withVariable } from './read';

/** Who the server believes, who may reach it, and whether it reaches itself. */
export const edgeTrust: readonly Rule[] = [
  {
    id: 'trusted-proxy-disagrees',
    severity: 'depends',
    summary: 'The server believes a header that nothing in front of it overwrites.',
    *check(draft) {
      const name = TRUST.find((candidate) => present(draft, candidate));
      const trusted = name && known(draft, name);
      if (!trusted || draft.settings.edge.type === 'none') return;
      const problem = disagreement(draft, trusted);
      if (problem) yield withVariable(draft, name, problem.severity, problem.message, problem.fix);
    },
  },
  {
    id: 'edge-tls-external-proto',
    severity: 'warning',
    summary: 'TLS ends in front of a controller that calls the request http.',
    *check(draft) {
      const { type, preset, tls, elsewhere } = draft.settings.edge;
      if (type !== 'ingress' || !tls || !('external' in tls) || elsewhere.includes('forwarded')) return;
      if (!['traefik', 'contour', 'cilium', 'nginx-legacy'].includes(preset)) return;
      yield withSetting(
        draft,
        'edge.tls.external',
        'warning',
        'The controller gets plain http, so it writes X-Forwarded-Proto: http and the outer proxy’s address over what that one said.',
        'Let the controller trust the outer proxy’s addresses, and only those (Traefik: entryPoints.web.forwardedHeaders.trustedIPs), then list forwarded under edge.elsewhere.',
      );
    },
  },
  {
    id: 'ingress-namespace-unfit',
    severity: 'error',
    summary: 'The network policy names a namespace that the edge’s traffic does not come from.',
    *check(draft) {
      const { settings } = draft;
      const { title, httpsPort } = edgeController(settings);
      if (settings.network.ingressNamespace === undefined || settings.edge.type === 'none') return;
      if (settings.edge.preset === 'none' || httpsPort !== undefined) return;
      yield withSetting(
        draft,
        'network.ingressNamespace',
        'error',
        `${title} does not reach the pods from a pod of a namespace, so the policy would shut it out.`,
        'Remove it, and narrow the way with the cloud’s or the controller’s own means.',
      );
    },
  },
  {
    id: 'edge-hairpin-blocked',
    severity: 'warning',
    summary: 'The server calls its own public URL, and the network policy does not let it.',
    *check(draft) {
      const blocked = hairpin(draft);
      if (blocked) yield withSetting(draft, 'network', 'warning', blocked.message, blocked.fix);
    },
  },
  {
    id: 'openshift-user',
    severity: 'warning',
    summary: 'On OpenShift the platform chooses the user, and the image was seen to need its own.',
    *check(draft) {
      if (draft.settings.platform !== 'openshift') return;
      yield withSetting(
        draft,
        'platform',
        'warning',
        'Some files of the server’s image can be read by user 1000 alone: a start with user 10001 stopped while it copied them.',
        'Try your image first; docs/how-to/https.md says how to give the namespace a range of users that begins with 1000.',
      );
    },
  },
];

const TRUST = ['HEXCLAVE_TRUSTED_PROXY', 'STACK_TRUSTED_PROXY'] as const;
const API_URL = 'NEXT_PUBLIC_STACK_API_URL';

/**
 * The header that the server takes for the client's address, by whom it is told to trust
 * (docs/explanation/server.md#the-edge).
 */
const HEADER: Readonly<Record<string, string>> = {
  vercel: 'X-Vercel-Forwarded-For',
  cloudflare: 'CF-Connecting-IP',
  cloudrun: 'the last but one of X-Forwarded-For',
};

interface Problem {
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
}

function disagreement(draft: Draft, trusted: string): Problem | undefined {
  const { settings } = draft;
  const { type, preset, behind, elsewhere } = settings.edge;
  if (trusted === behind || (trusted === 'cloudrun' && preset === 'gke' && !behind)) return undefined;
  const controller = edgeController(settings);
  // With a preset it is known that the header passes; with none it is only likely.
  const severity = preset === 'none' ? 'warning' : 'error';
  if (Object.hasOwn(HEADER, trusted)) {
    return {
      severity,
      message: `The server believes ${HEADER[trusted]}, and nothing in front of it overwrites that: whoever sends it has any address they like, past limits and bans.`,
      fix: `Write generic, or edge.behind: ${trusted} if the edge can be reached through that alone.`,
    };
  }
  if (trusted !== 'generic') return undefined;
  if (behind) {
    return {
      severity: 'warning',
      message: `Behind ${behind} the edge takes ${behind}’s addresses for the clients’: limits and bans would hit everyone at once.`,
      fix: `Write ${behind}, or remove edge.behind if the edge itself sees the clients.`,
    };
  }
  const gaps = type === 'none' ? {} : (controller[type] ?? {});
  if (!('real-ip' in gaps) || elsewhere.includes('real-ip')) return undefined;
  return {
    severity,
    message: `generic promises that X-Real-IP is overwritten, and ${inSentence(controller.title)} does not do that: whoever sends the header has any address they like, past limits and bans.`,
    fix: `${gaps['real-ip']} Then list real-ip under edge.elsewhere.`,
  };
}

/**
 * E-mail rewriting, integrations and the data vault call the public API URL from the pod
 * (docs/explanation/server.md#the-edge).
 */
function hairpin(draft: Draft): { message: string; fix: string } | undefined {
  const { network, edge } = draft.settings;
  const host = knownUrl(draft, API_URL)?.hostname;
  if (!host || edge.type === 'none' || network.ingressNamespace !== undefined) return undefined;
  const port = edgeController(draft.settings).httpsPort ?? 443;
  const inside = edgeController(draft.settings).httpsPort !== undefined || isInternal(host);
  const open =
    network.egress.some(({ port: opened, pods }) => opened === port && (pods?.includes('server') ?? true)) ||
    (port === 443 && network.allowPrivateEgress);
  if (!inside || open) return undefined;
  return {
    message: `Some of the server’s code calls the public API URL. From inside the cluster that ends at the controller’s pods or a private address, on port ${port}, and the policy only opens 443 of public addresses.`,
    fix:
      edgeController(draft.settings).httpsPort !== undefined
        ? `Write network.ingressNamespace: <the controller’s namespace>, or network.egress: [{ port: ${port}, cidr: <its pods> }].`
        : 'Write network.allowPrivateEgress: true, or network.egress: [{ port: 443, cidr: <its addresses> }].',
  };
}
