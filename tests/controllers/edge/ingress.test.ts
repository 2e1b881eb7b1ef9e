import { describe } from 'vitest';
import { promises } from './lib/promises';
import { useSite } from './lib/site';

describe('Ingress objects for Traefik, with certificates by cert-manager', () => {
  const site = useSite('ingress', { preset: 'traefik', tls: { clusterIssuer: 'letsencrypt' } });
  // Traefik's middleware answers 301 to GET.
  promises(site, 301);
});
