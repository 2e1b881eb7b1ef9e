import { X509Certificate } from 'node:crypto';
import type { Item } from '../../kubectl';
import { BED, type Check, RECORDED, type Symptom } from '../check';
import { tlsSecrets } from '../confidential';
import { type Facts, ofKind, oneOf } from '../facts';
import { edgeAddresses } from '../names';

const DAY = 86_400_000;

export const edgeChecks: readonly Check[] = [
  {
    id: 'certificate-missing',
    weight: 'problem',
    means:
      'The Secret with the certificate of a host is not there, or has none: browsers get the proxy’s own, and warn.',
    fix: 'Make the Secret, or see why cert-manager does not.',
    page: 'docs/how-to/https.md',
    test: [BED, 'certificate-missing'],
    *look(facts) {
      for (const { secret, hosts, object } of tlsSecrets(facts.items)) {
        if (facts.certificates.get(secret) !== null) continue;
        yield {
          object: `Secret/${secret}`,
          message: `${object} takes the certificate of ${hosts.join(', ')} from it, and it has none.`,
          fix: oneOf(facts, 'Certificate', secret)
            ? `kubectl describe certificate ${secret} -n ${facts.env.namespace} says how far cert-manager is.`
            : `kubectl create secret tls ${secret} --cert=… --key=… -n ${facts.env.namespace}`,
        };
      }
    },
  },
  {
    id: 'certificate-expired',
    weight: 'problem',
    means: 'The certificate of a host is no longer, or not yet, valid.',
    fix: 'Renew it; with cert-manager, see why it has not.',
    page: 'docs/how-to/https.md',
    test: [BED, 'certificate-expired'],
    *look(facts) {
      for (const { secret, certificate } of certificates(facts)) {
        const [from, to] = [certificate.validFrom, certificate.validTo].map((text) => new Date(text));
        if (from! <= facts.now && facts.now <= to!) continue;
        const message =
          to! < facts.now
            ? `Its certificate has expired on ${day(to!)}.`
            : `Its certificate is valid from ${day(from!)} on.`;
        yield { object: `Secret/${secret}`, message, since: to!.toISOString(), fix: renew(facts, secret) };
      }
    },
  },
  {
    id: 'certificate-expiring',
    weight: 'note',
    means: 'The certificate of a host is valid for two more weeks at most. cert-manager renews well before.',
    fix: 'Renew it; with cert-manager, see why it has not.',
    page: 'docs/how-to/https.md',
    test: [RECORDED, 'certificate-expiring'],
    *look(facts) {
      for (const { secret, certificate } of certificates(facts)) {
        const left = Date.parse(certificate.validTo) - facts.now.getTime();
        if (left < 0 || left > 14 * DAY) continue;
        const message = `Its certificate expires on ${day(new Date(certificate.validTo))}.`;
        yield { object: `Secret/${secret}`, message, fix: renew(facts, secret) };
      }
    },
  },
  {
    id: 'certificate-for-another-host',
    weight: 'problem',
    means: 'The certificate of a host names others: browsers warn.',
    fix: 'Make one for the host, or mend the host in config.env.',
    page: 'docs/how-to/https.md',
    test: [BED, 'certificate-for-another-host'],
    *look(facts) {
      for (const { secret, hosts, certificate } of certificates(facts)) {
        const wrong = hosts.filter((host) => certificate.checkHost(host.replace(/^\*\./, 'any.')) === undefined);
        if (wrong.length === 0) continue;
        yield {
          object: `Secret/${secret}`,
          message: `Its certificate is for ${certificate.subjectAltName ?? certificate.subject}, and not for ${wrong.join(', ')}.`,
          fix: renew(facts, secret),
        };
      }
    },
  },
  {
    id: 'certificate-not-issued',
    weight: 'problem',
    means:
      'cert-manager has not got a certificate: the issuer is not there, or the authority could not check the host.',
    fix: 'Its Certificate and, below that, the Order and Challenge say what is missing.',
    page: 'docs/how-to/https.md',
    test: [RECORDED, 'certificate-not-issued'],
    *look(facts) {
      for (const { kind, metadata, status } of facts.items) {
        if (kind !== 'Certificate') continue;
        const ready = (status?.conditions ?? []).find(({ type }: Item) => type === 'Ready');
        if (ready?.status === 'True') continue;
        yield {
          object: `Certificate/${metadata.name}`,
          message: 'cert-manager has no certificate for it yet.',
          said: ready?.message,
          since: ready?.lastTransitionTime ?? metadata.creationTimestamp,
          fix: `kubectl describe certificate,certificaterequest,order,challenge -n ${facts.env.namespace}`,
        };
      }
    },
  },
  {
    id: 'no-address',
    weight: 'note',
    means:
      'No controller has given an Ingress or a Gateway an address: none takes objects of its class, or its Service has none.',
    fix: 'Install the controller, or write its class into edge.ingressClassName.',
    page: 'docs/how-to/https.md',
    test: [BED, 'no-address'],
    *look(facts) {
      for (const { kind, metadata, spec, status } of facts.items) {
        if (kind !== 'Ingress' && kind !== 'Gateway') continue;
        const addresses = kind === 'Ingress' ? status?.loadBalancer?.ingress : status?.addresses;
        if ((addresses ?? []).length > 0) continue;
        const named = spec.ingressClassName ?? spec.gatewayClassName;
        yield {
          object: `${kind}/${metadata.name}`,
          message: `It has no address${named ? `; its class is ${named}` : '; it names no class'}.`,
          fix: `kubectl get ${kind === 'Ingress' ? 'ingressclass' : 'gatewayclass'} lists the classes that there are.`,
        };
      }
    },
  },
  {
    id: 'dns-elsewhere',
    weight: 'note',
    means:
      'A host has no address, or another one than the edge. With a proxy such as Cloudflare in front that is as it should be.',
    fix: 'Point the name to the address of the edge.',
    page: 'docs/how-to/https.md',
    test: [RECORDED, 'dns-elsewhere'],
    *look(facts) {
      const edge = edgeAddresses(facts.items);
      const reached = new Set(edge.flatMap((name) => [name, ...(facts.addresses.get(name) ?? [])]));
      for (const host of new Set([facts.env.hosts.api, facts.env.hosts.dashboard])) {
        const own = facts.addresses.get(host);
        if (!own || own.some((address) => reached.has(address))) continue;
        const message =
          own.length === 0
            ? 'This machine finds no address for it.'
            : `It is ${own.join(', ')} to this machine, and the edge is ${edge.join(', ')}.`;
        yield { object: host, message, fix: `Let ${host} point to ${edge.join(' or ')}.` };
      }
    },
  },
  {
    id: 'urls-without-tls',
    weight: 'problem',
    means:
      'A public URL in the cluster begins with http://. Sign-in with other providers comes back to it, and cookies need https.',
    fix: 'Write https:// in config.env, and see that the edge ends TLS.',
    page: 'docs/how-to/https.md',
    test: [BED, 'urls-without-tls'],
    *look(facts) {
      const config: Record<string, string> = oneOf(facts, 'ConfigMap', 'hexclave-config')?.data ?? {};
      for (const name of ['NEXT_PUBLIC_STACK_API_URL', 'NEXT_PUBLIC_STACK_DASHBOARD_URL']) {
        const url = config[name] ?? '';
        if (!url.startsWith('http://') || /^http:\/\/(localhost|127\.|\[::1\])/.test(url)) continue;
        yield {
          object: `ConfigMap/hexclave-config`,
          message: `${name} is ${url}.`,
          fix: `Write https:// in config.env, synth and apply.`,
        };
      }
    },
  },
];

interface Held {
  readonly secret: string;
  readonly hosts: readonly string[];
  readonly certificate: X509Certificate;
}

/** The certificates that could be read. One that is none is missing, as far as a browser is concerned. */
function certificates({ items, certificates }: Facts): Held[] {
  return tlsSecrets(items).flatMap(({ secret, hosts }) => {
    const pem = certificates.get(secret);
    try {
      return pem ? [{ secret, hosts, certificate: new X509Certificate(pem) }] : [];
    } catch {
      return [];
    }
  });
}

function renew(facts: Facts, secret: string): Symptom['fix'] {
  return ofKind(facts, 'Certificate').some(({ spec }) => spec?.secretName === secret)
    ? `kubectl describe certificate -n ${facts.env.namespace} says why cert-manager does not renew it.`
    : `Put another one there: kubectl create secret tls ${secret} --cert=… --key=… -n ${facts.env.namespace} --dry-run=client -o yaml | kubectl apply -f -`;
}

function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'a day that cannot be read' : date.toISOString().slice(0, 10);
}
