import { readFileSync } from 'node:fs';

/**
 * The files of `container/`, as text: they are executed by the tests as they stand and inlined into the manifests, so a
 * revision keeps its own copy and a rollback brings the old one back.
 */
export const scripts = {
  start: script('start.sh'),
  drain: script('drain.sh'),
  ready: script('ready.sh'),
  release: script('release.mjs'),
};

function script(name: string): string {
  return readFileSync(new URL(`../container/${name}`, import.meta.url), 'utf8');
}
