import { svixApiKey } from '../svix-key';
import type { Store } from './store';

/** Svix in the namespace: what both its pod and its clients have to know. */
export const SVIX = { name: 'hexclave-svix', port: 8071 } as const;

export const SVIX_EVALUATION = 'One Svix pod; webhooks that wait to be sent again are lost when it restarts.';

/** One secret for both sides: Svix checks keys with it, and the server's key is made from it. */
export const svix: Store = ({ stores }, secret) => {
  if (stores.webhooks.mode !== 'svix') return undefined;
  const jwtSecret = secret('SVIX_JWT_SECRET');
  return {
    setting: 'stores.webhooks.mode',
    variables: {
      STACK_SVIX_SERVER_URL: `http://${SVIX.name}:${SVIX.port}`,
      STACK_SVIX_API_KEY: jwtSecret === undefined ? undefined : svixApiKey(jwtSecret),
    },
    secrets: ['SVIX_JWT_SECRET', 'SVIX_DATABASE_PASSWORD'],
    evaluation: SVIX_EVALUATION,
  };
};
