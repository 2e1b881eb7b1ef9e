import type { Rule } from '../draft';
import { belongsInSecret } from '../secrets/credential';
import { withLine, withVariable } from './read';

/** What Kubernetes and the kernel can carry. */
export const size: readonly Rule[] = [
  {
    id: 'value-too-long',
    severity: 'error',
    summary: 'A value is longer than an environment variable can be.',
    *check(draft) {
      for (const item of draft.values.values()) {
        // Linux starts no program with a string above 128 KiB, the closing NUL included (MAX_ARG_STRLEN).
        if (Buffer.byteLength(`${item.written}=${item.value}`) < 128 * 1024) continue;
        const message = 'Linux starts no program with a variable of 128 KiB or more, so no container would start.';
        yield withLine(item, 'error', message, 'Shorten the value.');
      }
    },
  },
  {
    id: 'values-too-big',
    severity: 'depends',
    summary: 'All values together do not fit into a ConfigMap or Secret.',
    *check(draft) {
      const all = [...draft.values.values()].filter((item) => !draft.references.has(item.name));
      const halves = { Secret: all.filter(belongsInSecret), ConfigMap: all.filter((item) => !belongsInSecret(item)) };
      for (const [kind, items] of Object.entries(halves)) {
        const bytes = items.reduce((sum, item) => sum + Buffer.byteLength(item.value), 0);
        if (bytes <= CLIENT_SIDE) continue;
        const largest = items.reduce((a, b) => (Buffer.byteLength(b.value) > Buffer.byteLength(a.value) ? b : a));
        const refused = bytes > 1024 * 1024;
        yield withVariable(
          draft,
          largest.name,
          refused ? 'error' : 'warning',
          refused
            ? `The values of the ${kind} have ${bytes} bytes, and Kubernetes refuses more than 1 MiB. This is the largest.`
            : `The values of the ${kind} have ${bytes} bytes; kubectl apply keeps a copy in an annotation, which may have 256 KiB. This is the largest.`,
          refused ? 'Shorten it.' : 'Apply with kubectl apply --server-side, or shorten it.',
        );
      }
    },
  },
];

/** Base64 and names make a third more of it, and the annotation holds 262144 bytes. */
const CLIENT_SIDE = 190_000;
