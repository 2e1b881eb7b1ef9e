import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build } from '../../charts/hexclave';
import { mermaid } from '../../cli/graph/mermaid';
import { componentOf, podsOf } from '../../cli/graph/model';
import { graphOf } from '../../cli/graph/read';
import { svg } from '../../cli/graph/svg';
import { environmentOf } from '../support/cases';
import { command, scratchWith } from '../support/cli';
import { edgeCases } from '../support/edge-cases';
import { objectsOf, templatesOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const cases = Object.entries({ ...snapshotCases, ...edgeCases });
const component = 'app.kubernetes.io/component';

describe.each(cases)('the picture of the case %s', (name, files) => {
  const environment = environmentOf(files);
  const { files: texts, objects: byStage } = build(environment);
  const made = [...byStage.values()].flat();
  const objects = objectsOf(texts).map(({ object }) => object);
  const graph = graphOf(name, made);
  const ids = graph.nodes.map(({ id }) => id);

  it('has a node for whatever makes pods, and an edge for nothing that is not there', () => {
    for (const { owner } of templatesOf(objectsOf(texts))) {
      expect(ids).toContain(podsOf(componentOf(owner)));
    }
    for (const { from, to } of graph.edges) {
      expect(ids).toContain(from);
      expect(ids).toContain(to);
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows every connection that a store accepts from a component', () => {
    for (const { metadata, spec } of objects.filter(({ kind }) => kind === 'NetworkPolicy')) {
      for (const { from = [], ports } of spec.ingress ?? []) {
        for (const { podSelector } of from) {
          const client = podSelector?.matchLabels[component];
          const own = metadata.labels[component];
          // Only jobs of a store that have run have no pods of their own here.
          if (!client || !ids.includes(podsOf(client)) || client === own) continue;
          expect(graph.edges).toContainEqual(
            expect.objectContaining({
              from: podsOf(client),
              to: podsOf(own),
              label: expect.stringContaining(String(ports[0].port)),
            }),
          );
        }
      }
    }
  });

  it('shows both hosts in front of their Services when there is a route', () => {
    const routes = objects.filter(({ kind }) => ['Ingress', 'HTTPRoute', 'Route'].includes(kind));
    if (routes.length === 0) return;
    for (const port of ['api', 'dashboard'] as const) {
      expect(graph.edges).toContainEqual(
        expect.objectContaining({ from: `host/${environment.hosts[port]}`, to: `service/hexclave-${port}` }),
      );
    }
  });

  it('is the same bytes each time, and holds no secret value', () => {
    const drawn = svg(graph);
    expect(drawn).toBe(svg(graphOf(name, made)));
    for (const text of [drawn, mermaid(graph)]) {
      for (const value of Object.values(environment.secrets ?? {})) expect(text).not.toContain(value);
    }
  });

  it('is one SVG element whose tags are closed, and a flowchart whose nodes are declared', () => {
    const open: string[] = [];
    for (const [, slash, tag, , closed] of svg(graph).matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
      if (slash) expect(open.pop()).toBe(tag);
      else if (!closed) open.push(tag!);
    }
    expect(open).toEqual([]);
    const text = mermaid(graph);
    const declared = [...text.matchAll(/^ {4}(n\d+)\[/gm)].map(([, id]) => id);
    for (const [, from, to] of text.matchAll(/^ {2}(n\d+) .*> ?(?:\|.*\| )?(n\d+)$/gm)) {
      expect(declared).toContain(from);
      expect(declared).toContain(to);
    }
    expect(declared).toHaveLength(graph.nodes.length);
  });
});

describe('graph', () => {
  it('prints a picture, or text for Markdown', () => {
    const folder = scratchWith('production');
    expect(command(folder, ['graph', 'production'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^<svg [\s\S]*<\/svg>\n$/),
    });
    expect(command(folder, ['graph', 'production', '--format', 'mermaid']).stdout).toMatch(/^flowchart LR\n/);
  });

  it('draws nothing of an environment with errors, and says why', () => {
    const folder = scratchWith('production');
    writeFileSync(join(folder, 'environments/production/environment.yaml'), 'image: { tag: latest }\n');
    const run = command(folder, ['graph', 'production']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('There is nothing to draw: ');
  });
});
