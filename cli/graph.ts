import { type BuiltEnvironment, buildAll } from './build';
import { mermaid } from './graph/mermaid';
import { graphOf } from './graph/read';
import { loadOne } from './load';
import { refuse } from './refuse';
import { out } from './terminal';

export interface GraphOptions {
  /** @default svg */
  readonly format?: 'svg' | 'mermaid';
}

/** Prints an environment as a picture: hosts, Services, pods, Jobs, stores, where secrets come from, and who may reach whom. */
export async function graph(name: string, options: GraphOptions = {}): Promise<number> {
  const [{ built, findings }] = buildAll([loadOne(name)]) as [BuiltEnvironment];
  if (!built) refuse('There is nothing to draw', findings);
  const drawn = graphOf(name, [...built.objects.values()].flat());
  if (options.format === 'mermaid') out(mermaid(drawn));
  else out((await import('./graph/svg')).svg(drawn));
  return 0;
}
