import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bed } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';
import { root } from '../../support/cli';
import { figure } from '../lib/figures';
import { inPod, pods, type Subject } from '../lib/subject';

/** The bed's name server knows the cluster's names and nothing else: it logs every other name that a pod asks for. */
const log = bed && join(bed, 'log', 'dns.log');
const begin = log ? statSync(log).size : 0;

/** Hosts outside the cluster that pods have asked for since the suite began, and how often. */
function askedFor(): Map<string, number> {
  const text = readFileSync(log!).subarray(begin).toString();
  const names = [...text.matchAll(/plugin\/errors: \d+ (\S+\.\S+)\. /g)].map(([, name]) => name!);
  return new Map([...new Set(names)].map((name) => [name, names.filter((other) => other === name).length]));
}

/** What the server calls of its own accord, after everything that it was used for here. */
export function calls(subject: Subject): void {
  it.skipIf(!bed)(
    'asks for no host outside but those that the docs list, and not for the vendor’s PostHog',
    async () => {
      const [pod] = await pods(subject);
      // That the listener hears what pods ask for.
      const lookup = 'node -e \'require("dns").lookup("listener.example.com", () => {})\'';
      await inPod(subject, pod.metadata.name, lookup);
      await eventually('the listener', async () => askedFor().has('listener.example.com'));
      const hosts = askedFor();
      hosts.delete('listener.example.com');
      figure(
        'what it does',
        'hosts outside',
        [...hosts].map(([name, times]) => `${name} (${times})`).join(', ') || 'none',
      );
      const docs = readFileSync(join(root, 'docs', 'explanation', 'server.md'), 'utf8');
      for (const host of hosts.keys()) {
        expect(host).not.toMatch(/posthog|sentry|stack-auth|hexclave/);
        expect(docs).toContain(`\`${host}\``);
      }
    },
  );
}
