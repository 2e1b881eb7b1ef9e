import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe } from 'vitest';
import { apply, kubectl } from '../../cluster/lib/kubectl';
import { promises } from './lib/promises';
import { useSite } from './lib/site';

describe('routes on the Gateway of the examples, with certificates by cert-manager', () => {
  const site = useSite('gateway', {
    type: 'gateway',
    preset: 'traefik',
    gateway: { name: 'public', namespace: 'gateways' },
    tls: { clusterIssuer: 'letsencrypt-gateway' },
  });
  beforeAll(async () => {
    const file = new URL('../../../examples/gateway/gateway.yaml', import.meta.url);
    // Its environment is called otherwise here.
    await apply(readFileSync(file, 'utf8').replace(/: hexclave-production$/gm, `: ${site.namespace}`));
  });
  afterAll(async () => {
    await kubectl(['delete', 'namespace', 'gateways', '--wait=false']);
  });
  promises(site, 308);
});
