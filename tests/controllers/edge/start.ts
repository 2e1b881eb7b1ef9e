import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { apply, get, onNode } from '../../cluster/lib/kubectl';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { applyDefinitions } from '../lib/definitions';
import { bedFolder, kubeconfig, programs, startProcess } from '../lib/programs';
import { DNS, DNS_MANAGEMENT, PEBBLE, PEBBLE_MANAGEMENT, TRAEFIK_ADDRESS, TRAEFIK_NAMESPACE } from './lib/addresses';

/** cert-manager with an ACME server and its DNS as processes, Traefik as pods. */
export default async function start(): Promise<void> {
  const folder = await programs('edge');
  await Promise.all([
    applyDefinitions(`${folder}/crds`),
    onNode(['ctr', '-n', 'k8s.io', 'images', 'import', `${folder}/images.tar`]),
    apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cert-manager' } }]),
  ]);
  await Promise.all([startTraefik(), startAuthority(folder), startCertManager(folder)]);
}

async function startTraefik(): Promise<void> {
  await apply(readFileSync(new URL('./traefik.yaml', import.meta.url), 'utf8'));
  await apply(example('gateway/gateway-class.yaml'));
  await rolledOut(TRAEFIK_NAMESPACE, 'deployment/traefik', 300);
}

/** The ACME server, the DNS in which every name is Traefik's, and the issuers of the examples with it for Let's Encrypt. */
async function startAuthority(folder: string): Promise<void> {
  const home = join(bedFolder(), 'pebble');
  mkdirSync(home, { recursive: true });
  const [certificate, privateKey, config] = ['tls.crt', 'tls.key', 'pebble.json'].map((name) => join(home, name));
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=pebble', '-addext', 'subjectAltName=IP:10.244.0.1'];
  execFileSync('openssl', [...made, ...names, '-keyout', privateKey!, '-out', certificate!], { stdio: 'pipe' });
  const pebble = {
    listenAddress: PEBBLE,
    managementListenAddress: PEBBLE_MANAGEMENT,
    certificate,
    privateKey,
    // Where it asks for the answers to its challenges.
    httpPort: 80,
    tlsPort: 443,
    profiles: { default: { description: 'as Let’s Encrypt', validityPeriod: 90 * 24 * 3600 } },
  };
  writeFileSync(config!, JSON.stringify({ pebble }));
  const only = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-doh', ''];
  const names4 = ['-defaultIPv4', TRAEFIK_ADDRESS, '-defaultIPv6', ''];
  await startProcess('dns', [
    `${folder}/challtestsrv`,
    ...only,
    ...names4,
    '-dnsserver',
    DNS,
    '-management',
    DNS_MANAGEMENT,
  ]);
  await startProcess('pebble', [`${folder}/pebble`, '-config', config!, '-dnsserver', DNS], {
    // Otherwise it takes up to 15 s over each challenge, to be like others.
    env: { PEBBLE_VA_NOSLEEP: '1' },
    ready: `https://${PEBBLE_MANAGEMENT}/roots/0`,
  });
  const acme = { server: `https://${PEBBLE}/dir`, caBundle: readFileSync(certificate!).toString('base64') };
  for (const name of ISSUERS) {
    const issuer = parse(example(`cert-manager/${name}.yaml`));
    Object.assign(issuer.spec.acme, acme);
    await apply([issuer]);
  }
}

async function startCertManager(folder: string): Promise<void> {
  await startProcess('cert-manager', [
    `${folder}/cert-manager`,
    '--kubeconfig',
    kubeconfig(),
    '--acme-http01-solver-image',
    'quay.io/jetstack/cert-manager-acmesolver:v1.21.2',
    '--acme-http01-solver-nameservers',
    DNS,
  ]);
  for (const name of ISSUERS) {
    await eventually(
      `the account of ${name} with the ACME server`,
      async () => {
        const { status } = await get('clusterissuer', name);
        return status?.conditions?.some((one: { type: string; status: string }) => one.status === 'True');
      },
      120,
    );
  }
}

const ISSUERS = ['letsencrypt', 'letsencrypt-gateway'];

function example(name: string): string {
  return readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8');
}
