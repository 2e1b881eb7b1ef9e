import { describe, expect, it } from 'vitest';
import { type Generation, generations } from '../../config/contract/generations';
import { notesOfMove } from '../../config/moves';
import { load } from '../support/cases';

/** The table with tags of every generation: of most of them no image is known yet. */
const table = Object.fromEntries(
  Object.entries(generations).map(([id, facts]) => [id, { ...facts, run: [`${id}100000`, `${id}200000`] }]),
) as unknown as typeof generations;
const texts = (id: Generation, way: 'coming' | 'leaving') => generations[id][way].map(({ text }) => text);

/** Of an environment with these lines besides. */
function notes(from: string, to: string, { yaml = '', config = {} } = {}): string[] {
  const { draft } = load({
    yaml: `image: { tag: ${to} }\nedge: { tls: { external: true } }\n${yaml}`,
    config: { NEXT_PUBLIC_STACK_API_URL: 'https://auth-api.acme.test', ...config },
  });
  return notesOfMove(from, to, draft!, table);
}

describe('what is needed when image.tag moves', () => {
  it('is nothing between images of one generation, and that is said', () => {
    expect(notes('C100000', 'C200000')).toEqual([expect.stringContaining('Both are of generation C')]);
  });

  it.each<[string, string, string[]]>([
    ['A100000', 'B100000', texts('B', 'coming')],
    ['B100000', 'C100000', texts('C', 'coming')],
    ['A200000', 'C100000', [...texts('B', 'coming'), ...texts('C', 'coming')]],
    ['C100000', 'B200000', texts('C', 'leaving')],
    ['C100000', 'A100000', [...texts('C', 'leaving'), ...texts('B', 'leaving')]],
  ])('from %s to %s is what lies between, in the order of the way', (from, to, wanted) => {
    expect(wanted.length).toBeGreaterThan(0);
    expect(notes(from, to)).toEqual(wanted);
  });

  it('is not what the files have done already', () => {
    const done = notes('B100000', 'C100000', {
      yaml: 'maintenance: { workflowEngineStep: true }',
      config: { HEXCLAVE_TRUSTED_PROXY: 'generic' },
    }).join('\n');
    expect(done).not.toContain('HEXCLAVE_TRUSTED_PROXY');
    expect(done).not.toContain('workflowEngineStep');
    expect(done).toContain('PostgreSQL 15');
  });

  it('is all that may be, with its generation, when nothing is known of one of the two', () => {
    const [first, ...rest] = notes('A100000', 'deadbee');
    expect(first).toContain('Of deadbee nothing is known here');
    expect(rest.map((line) => line[0])).toEqual([
      ...texts('B', 'coming').map(() => 'B'),
      ...texts('C', 'coming').map(() => 'C'),
    ]);
    expect(notes('deadbee', 'beef123')[0]).toContain('Of deadbee and beef123');
  });
});
