import type { Graph, Group } from './model';

/** The graph as a Mermaid flowchart, which Git hosting sites draw in Markdown. */
export function mermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const lines = ['flowchart LR'];
  for (const [group, title] of Object.entries(TITLES)) {
    const members = nodes.filter((node) => node.group === group);
    if (members.length === 0) continue;
    lines.push(`  subgraph ${group}["${title}"]`);
    for (const node of members) {
      lines.push(`    ${ids.get(node.id)}["${[node.title, ...node.lines].map(escaped).join('<br/>')}"]`);
    }
    lines.push('  end');
  }
  for (const { from, to, kind, label } of edges) {
    if (!ids.has(from) || !ids.has(to)) continue;
    const arrow = kind === 'reads' ? '-.->' : '-->';
    lines.push(`  ${ids.get(from)} ${arrow}${label ? `|"${escaped(label)}"|` : ''} ${ids.get(to)}`);
  }
  return `${lines.join('\n')}\n`;
}

export const TITLES: Readonly<Record<Group, string>> = {
  outside: 'Outside',
  service: 'Services',
  pod: 'Server',
  job: 'Jobs',
  store: 'Stores',
  secret: 'Secrets',
};

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
