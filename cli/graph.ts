import { type BuiltEnvironment, buildAll } from './build';
import { Failure } from './failure';
import { mermaid } from './graph/mermaid';
import { graphOf } from './graph/read';
import { loadOne } from './load';
import { report, summary } from './report';
import { out } from './terminal';

export interface GraphOptions {
  /** @default svg */
  readonly format?: 'svg' | 'mermaid';
}

/** Prints an environment as a picture: hosts, Services, pods, Jobs, stores, where secrets come from, and who may reach whom. */
export async function graph(name: string, options: GraphOptions = {}): Promise<number> {
  const [{ built, findings }] = buildAll([loadOne(name)]) as [BuiltEnvironment];
  if (!built) {
    report(findings.filter(({ severity }) => severity === 'error'));
    throw new Failure(`There is nothing to draw: ${summary(findings)}`, 1, 'Mend the errors first.');
  }
  const drawn = graphOf(name, [...built.objects.values()].flat());
  if (options.format === 'mermaid') out(mermaid(drawn));
  else out((await import('./graph/svg')).svg(drawn));
  return 0;
}
