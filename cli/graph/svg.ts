import { graphlib, layout } from '@dagrejs/dagre';
import { TITLES } from './mermaid';
import type { Edge, Graph, Group, Node } from './model';

/** The graph as an SVG that stands by itself: no script, no font and no picture from elsewhere. The same graph gives the same bytes. */
export function svg(graph: Graph): string {
  const placed = place(graph);
  const { width, height } = placed.graph() as { width: number; height: number };
  const edges = graph.edges.filter(({ from, to }) => placed.hasNode(from) && placed.hasNode(to));
  const parts = [
    ...edges.map((edge) => line(edge, placed.edge(edge.from, edge.to, edge.kind) as Placed)),
    ...graph.nodes.map((node) => box(node, placed.node(node.id) as Placed)),
    ...legend(graph, height),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${round(width)}" height="${round(height + LEGEND)}" viewBox="0 0 ${round(width)} ${round(height + LEGEND)}" font-family="system-ui, sans-serif" font-size="${FONT}">
<title>${escaped(`The environment ${graph.name}`)}</title>
<defs>${['traffic', 'reads'].map(arrowHead).join('')}</defs>
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

const FONT = 12;
/** Of a character in a sans-serif font of that size, on the wide side. */
const CHARACTER = 6.9;
const LINE = 16;
const LEGEND = 40;

const colours: Readonly<Record<Group, { fill: string; stroke: string }>> = {
  outside: { fill: '#f1f5f9', stroke: '#64748b' },
  service: { fill: '#e0f2fe', stroke: '#0369a1' },
  pod: { fill: '#dcfce7', stroke: '#15803d' },
  job: { fill: '#fef9c3', stroke: '#a16207' },
  store: { fill: '#ede9fe', stroke: '#6d28d9' },
  secret: { fill: '#ffe4e6', stroke: '#be123c' },
};

const strokes = { traffic: '#475569', reads: '#be123c' } as const;

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly points: readonly { x: number; y: number }[];
}

function place({ nodes, edges }: Graph) {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 90, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) {
    const longest = Math.max(node.title.length * 1.08, ...node.lines.map(({ length }) => length));
    graph.setNode(node.id, { width: longest * CHARACTER + 24, height: (node.lines.length + 1) * LINE + 14 });
  }
  for (const { from, to, kind, label } of edges) {
    if (!graph.hasNode(from) || !graph.hasNode(to)) continue;
    const room = label ? { width: label.length * CHARACTER + 8, height: LINE, labelpos: 'c' } : {};
    graph.setEdge(from, to, room, kind);
  }
  layout(graph);
  return graph;
}

function box({ group, title, lines }: Node, { x, y, width, height }: Placed): string {
  const { fill, stroke } = colours[group];
  const left = x - width / 2;
  const top = y - height / 2;
  const text = [title, ...lines].map((words, index) => {
    const weight = index === 0 ? ' font-weight="600"' : ' fill="#334155"';
    return `<text x="${round(x)}" y="${round(top + 20 + index * LINE)}" text-anchor="middle"${weight}>${escaped(words)}</text>`;
  });
  return `<g><rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" rx="6" fill="${fill}" stroke="${stroke}"/>${text.join('')}</g>`;
}

function line({ kind, label }: Edge, { points, x, y }: Placed): string {
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${round(point.x)} ${round(point.y)}`).join(' ');
  const dash = kind === 'reads' ? ' stroke-dasharray="4 3"' : '';
  const drawn = `<path d="${path}" fill="none" stroke="${strokes[kind]}" stroke-linejoin="round"${dash} marker-end="url(#${kind})"/>`;
  if (!label) return drawn;
  const width = label.length * CHARACTER + 8;
  return `${drawn}<rect x="${round(x - width / 2)}" y="${round(y - 8)}" width="${round(width)}" height="16" fill="#ffffff" fill-opacity="0.85"/><text x="${round(x)}" y="${round(y + 4)}" text-anchor="middle" fill="${strokes[kind]}">${escaped(label)}</text>`;
}

function arrowHead(kind: string): string {
  return `<marker id="${kind}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${strokes[kind as keyof typeof strokes]}"/></marker>`;
}

function legend({ nodes }: Graph, top: number): string[] {
  let left = 16;
  const groups = (Object.keys(TITLES) as Group[]).filter((group) => nodes.some((node) => node.group === group));
  return groups.map((group) => {
    const { fill, stroke } = colours[group];
    const mark = `<rect x="${round(left)}" y="${round(top + 8)}" width="14" height="14" rx="3" fill="${fill}" stroke="${stroke}"/><text x="${round(left + 20)}" y="${round(top + 20)}">${TITLES[group]}</text>`;
    left += TITLES[group].length * CHARACTER + 44;
    return mark;
  });
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
