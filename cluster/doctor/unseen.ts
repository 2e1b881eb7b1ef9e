import { complaints } from '../kubectl';
import type { Unseen } from './facts';

/** What a Role would allow. */
export interface Resource {
  readonly group: string;
  readonly resource: string;
}

export function resourceIn(line: string): Resource {
  const [, resource = 'some objects', group = ''] =
    /cannot list resource "([^"]+)" in API group "([^"]*)"/.exec(line) ?? [];
  return { group, resource };
}

/** Notes what could not be read; with the rule that a Role lacks where it is a matter of rights. */
export function note(unseen: Unseen[], stderr: string, resource: Resource, verb = 'get,list'): void {
  const forbidden = /forbidden/i.test(stderr);
  const why = forbidden ? 'you may not' : complaints({ stderr }).join(' ') || 'no answer';
  unseen.push({ what: resource.resource, why, ...(forbidden ? { rule: { ...resource, verb } } : {}) });
}
