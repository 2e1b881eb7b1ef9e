import { execFileSync } from 'node:child_process';
import { background } from '../../cluster/lib/background';
import { f5Nginx } from '../../edge/proxies/nginx';
import { type RunningProxy, startProxy } from '../../edge/proxies/proxy';
import { type Files, synthesize } from '../../support/cases';
import { objectsOf } from '../../support/objects';

/** The proxy in front of both hosts: nginx, with what its Ingress controller makes of the emitted objects. */
export interface Front extends RunningProxy {
  /** Hash of its certificate's key, as Chromium takes it. */
  readonly key: string;
}

/** On this machine, and through the API server to both Services, so that it is the same on every cluster. */
export async function startFront(namespace: string, files: Files): Promise<Front> {
  const forward = async (service: string, port: number) => {
    const args = ['port-forward', '-n', namespace, `service/${service}`, `:${port}`];
    return Number(await background(args, /127\.0\.0\.1:(\d+)/));
  };
  const ports = {
    api: await forward('hexclave-api', 8102),
    dashboard: await forward('hexclave-dashboard', 8101),
  };
  const objects = objectsOf(synthesize(files)).map(({ object }) => object);
  const proxy = await startProxy(f5Nginx, objects, { ports });
  return { ...proxy, key: hashOfKey(proxy.certificate) };
}

function hashOfKey(certificate: string): string {
  const openssl = (args: string[], input?: Buffer) => execFileSync('openssl', args, { input, stdio: 'pipe' });
  const key = openssl(['x509', '-in', certificate, '-noout', '-pubkey']);
  return openssl(['dgst', '-sha256', '-binary'], openssl(['pkey', '-pubin', '-outform', 'DER'], key)).toString(
    'base64',
  );
}
