import type { Check, CheckGroup } from '../../cluster/doctor/check';
import { code, NOTICE, table } from './markdown';

/** The problems that `doctor` knows: what each means, what to do, and the test that provokes it. */
export function doctorPage(groups: readonly CheckGroup[]): string {
  const sections = groups.map(
    ({ title, checks }) => `
## ${title}

${table(['Check', 'What it means', 'What to do', 'Shown by'], checks.map(row))}`,
  );
  return `${NOTICE}

# What doctor knows

\`npx cdk8s-hexclave doctor <name>\` looks at an environment in its cluster and says in words what is wrong, with the command to type.
What it finds stands in brackets behind it. It changes nothing, and ends with 0 when it found no problem, 1 when it did, and 2 when
it could not look. A note is worth knowing, and no problem. How it asks, and that it prints no secret:
[the commands that ask the cluster](../explanation/cluster-commands.md). By symptom: [when something is wrong](../how-to/troubleshoot.md).

The last column names the test that provokes it: \`tests/cluster\` does so on a real cluster, \`tests/cli\` with what a cluster answers then.
${sections.join('')}`;
}

function row({ id, weight, means, fix, page, test: [file, title] }: Check): string[] {
  const more = `[more](../${page.slice('docs/'.length)})`;
  return [code(id), weight === 'note' ? `${means} A note.` : means, `${fix} ${more}`, `\`${file}\` "${title} …"`];
}
