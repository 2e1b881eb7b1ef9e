import { appendFileSync } from 'node:fs';

/** Groups of the table, in the order of the suite. */
export type Group =
  | 'image'
  | 'install'
  | 'what it does'
  | 'e-mail'
  | 'memory and connections'
  | 'in a browser'
  | 'network'
  | 'under load'
  | 'upgrade'
  | 'stand-in';

/** Puts a line into the table that the run ends with. */
export function figure(group: Group, name: string, value: number | string, unit = ''): void {
  const file = process.env.HEXCLAVE_FIGURES;
  const rounded = typeof value === 'number' ? Math.round(value * 10) / 10 : value;
  if (file) appendFileSync(file, `${JSON.stringify({ group, name, value: rounded, unit })}\n`);
}

/** How long something takes, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
