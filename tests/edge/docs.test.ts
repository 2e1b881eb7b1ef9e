import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifests } from '../../charts/hexclave';
import { presetNames } from '../../config/edge-presets';
import { load } from '../support/cases';
import { crdErrors } from '../support/crds';
import { edgeFiles } from '../support/edge-cases';
import { idOf, objectsOf } from '../support/objects';

const page = readFileSync(new URL('../../docs/how-to/https.md', import.meta.url), 'utf8');
const examples = page.split(/^## /m).flatMap((section) =>
  [...section.matchAll(/^```yaml\n(.*?)^```/gms)].map((match) => ({
    title: section.split('\n')[0],
    yaml: match[1]!,
  })),
);

describe('the page on https', () => {
  it('has an example for every preset', () => {
    const shown = new Set(examples.map(({ yaml }) => /preset: (\S+)/.exec(yaml)?.[1] ?? 'none'));
    expect([...shown].sort()).toEqual([...presetNames].sort());
  });

  it.each(examples)('has an example for $title that nothing is found in', ({ yaml }) => {
    // A public host: the made-up ones of the tests count as private.
    const urls = {
      NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.acme.dev',
      NEXT_PUBLIC_STACK_DASHBOARD_URL: 'https://auth.acme.dev',
    };
    const { environment, findings } = load(edgeFiles(yaml, urls));
    const known = ['edge-preset-retired', 'openshift-user'];
    const about = findings.filter(({ rule }) => /edge|trusted|ingress|openshift/.test(rule) && !known.includes(rule));
    expect(about).toEqual([]);
    for (const { object } of objectsOf(manifests(environment!)))
      expect(crdErrors(object) ?? [], idOf(object)).toEqual([]);
  });
});
