import type { Files } from '../../support/cases';
import { guideConfig, guideSecrets } from '../../support/cases';
import type { Databases } from './databases';
import { imageFields } from './subject';

export const API = new URL(guideConfig.NEXT_PUBLIC_STACK_API_URL!).hostname;
export const DASHBOARD = new URL(guideConfig.NEXT_PUBLIC_STACK_DASHBOARD_URL!).hostname;
export const ADMINISTRATOR = {
  email: guideConfig.STACK_SEED_INTERNAL_PROJECT_USER_EMAIL!,
  password: guideSecrets.STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD!,
};

/** An environment as in production: databases by URL, the two pods that are the default, both hosts behind an Ingress. */
export function production(namespace: string, image: string, databases: Databases, edge: string): Files {
  const yaml = {
    namespace: { name: namespace },
    image: imageFields(image),
    edge: {
      preset: 'f5-nginx',
      // No controller's: the proxy of the test reads the objects.
      ingressClassName: 'hexclave-test',
      tls: { secrets: { api: 'api-tls', dashboard: 'dashboard-tls' } },
    },
    network: { ingressNamespace: edge },
  };
  return {
    name: namespace,
    yaml: JSON.stringify(yaml),
    config: {
      ...guideConfig,
      ...databases.config,
      CI: 'true',
      NEXT_PUBLIC_POSTHOG_KEY: 'none',
    },
    secrets: { ...guideSecrets, ...databases.secrets },
  };
}
