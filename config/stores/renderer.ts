import type { Store } from './store';

/** The renderer in the namespace: what both its pods and the server have to know. */
export const RENDERER = { name: 'hexclave-renderer', port: 8080 } as const;

/** How the keys begin that are made for it; Freestyle's do not. */
export const RENDERER_KEY_PREFIX = 'hexclave-renderer-';

/**
 * One key for both sides. Images of spring 2026 read a token of Vercel's before they render anything; with this one and
 * no team beside it they give up before they call Vercel, and nothing of an e-mail is sent there.
 */
export const renderer: Store = ({ stores }) => {
  if (stores.renderer.mode !== 'bundled') return undefined;
  return {
    setting: 'stores.renderer.mode',
    variables: {
      STACK_FREESTYLE_API_ENDPOINT: `http://${RENDERER.name}:${RENDERER.port}`,
      STACK_VERCEL_SANDBOX_TOKEN: 'unused',
    },
    secrets: ['STACK_FREESTYLE_API_KEY'],
  };
};
