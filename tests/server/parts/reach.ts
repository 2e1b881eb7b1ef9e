import { expect, it } from 'vitest';
import { type From, reached } from '../../cluster/lib/reach';
import { eventually } from '../../cluster/lib/wait';
import { figure } from '../lib/figures';

/** Who is tried, what it is to reach, and what it is not: addresses by the names that the table says. */
export interface Way {
  readonly who: string;
  readonly from: () => Promise<From>;
  readonly reaches: Readonly<Record<string, string>>;
  readonly not: Readonly<Record<string, string>>;
}

/** What the NetworkPolicies let whom reach. */
export function reach(ways: readonly Way[]): void {
  it.each(ways)('lets $who reach what it needs and nothing else', async ({ who, from, reaches, not }) => {
    const at = await from();
    const wanted = Object.values(reaches);
    // Policies follow a new pod with a delay.
    await eventually(`all that ${who} needs`, async () => (await reached(at, wanted)).length === wanted.length, 30);
    expect(await reached(at, Object.values(not))).toEqual([]);
    const said = (names: object) => Object.keys(names).join(', ') || 'nothing';
    figure('network', who, `reaches ${said(reaches)}; is refused ${said(not)}`);
  });
}
