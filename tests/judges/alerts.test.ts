import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { guideConfig, guideSecrets, madeUp, synthesize } from '../support/cases';
import { headings } from '../support/headings';
import { toolFolder } from '../support/tools';
import { alertCases, otherWays, type Series } from './alert-cases';
import { metrics } from './metrics';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Record<string, string>;
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

function objectOf(kind: string) {
  const documents = made.split(/^---$/m).map((text) => parse(text));
  return documents.find((document) => document.kind === kind);
}

/** With everything that has an alert. */
const made = synthesize({
  yaml: `
image: { tag: 53c1c9e }
replicas: { min: 2, max: 8 }
edge: { tls: { clusterIssuer: letsencrypt } }
maintenance: { extra: { hourly: { path: /a, schedule: '7 * * * *' } } }
backup: { to: { volume: { size: 1Gi } }, restoreTest: {} }
monitoring: { prometheus: { prober: 'blackbox-exporter.monitoring:9115' }, dashboard: true }
`,
  config: guideConfig,
  secrets: { ...guideSecrets, BACKUP_PASSWORD: madeUp('backups of the alerts') },
}).get('65-monitoring.k8s.yaml')!;
const rules: Rule[] = objectOf('PrometheusRule').spec.groups[0].rules;
const [dashboard] = Object.values<string>(objectOf('ConfigMap').data).map((text) => JSON.parse(text));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexclave-alerts-'));
  writeFileSync(join(folder, 'rules.yml'), stringify({ groups: [{ name: 'hexclave', rules }] }));
});
afterAll(() => rmSync(folder, { recursive: true }));

function promtool(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(join(toolFolder, 'promtool'), args, {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error) throw error;
  return { status, output: stdout + stderr };
}

/** How many alerts of a name fire after three hours of these series. */
function firing(alert: string, series: Series, expected: boolean): string {
  const test = {
    rule_files: ['../rules.yml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
            eval_time: '3h',
            exp_samples: expected ? [{ labels: '{}', value: 1 }] : [],
          },
        ],
      },
    ],
  };
  const home = mkdtempSync(join(folder, 'case-'));
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'test.yml'), stringify(test));
  const { status, output } = promtool('test', 'rules', join(home, 'test.yml'));
  return status === 0 ? '' : output;
}

it('promtool takes the rules, and has nothing to say about them', () => {
  const { status, output } = promtool('check', 'rules', '--lint=all', '--lint-fatal', 'rules.yml');
  expect(output).toContain(`SUCCESS: ${rules.length} rules found`);
  expect(status).toBe(0);
});

it('every alert is tried, and no other', () => {
  expect(Object.keys(alertCases).sort()).toEqual(rules.map(({ alert }) => alert).sort());
});

describe.each(Object.entries(alertCases))('%s', (alert, { fires, quiet }) => {
  it('fires', () => {
    expect(firing(alert, fires, true)).toBe('');
  });

  it.each(Object.entries(quiet))('does not fire for %s', (_, series) => {
    expect(firing(alert, series, false)).toBe('');
  });
});

it.each(Object.entries(otherWays))('fires as well: %s', (name, series) => {
  expect(firing(name.split(' ')[0]!, series, true)).toBe('');
});

const read = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...(dashboard.panels as Panel[]).flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

it.each(read)('%s reads metrics and labels that are there', (_, expr) => {
  const series = [...expr.matchAll(/\b([a-z]+_[a-z_]+)(?:\{([^}]*)\})?/g)].filter(
    ([, name]) => name! in metrics || /^(kube|kubelet|certmanager|probe|container)_/.test(name!),
  );
  expect(series.length).toBeGreaterThan(0);
  for (const [, name, matchers = ''] of series) {
    expect(Object.keys(metrics)).toContain(name);
    for (const [, label] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)"/g))
      expect(metrics[name!], `${name} ${label}`).toContain(label);
  }
});

it('promtool takes every query of the dashboard', () => {
  const queries = (dashboard.panels as Panel[]).flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const recorded = queries.map((expr, index) => ({ record: `query:${index}`, expr }));
  writeFileSync(join(folder, 'queries.yml'), stringify({ groups: [{ name: 'queries', rules: recorded }] }));
  expect(promtool('check', 'rules', 'queries.yml').output).toContain(`SUCCESS: ${queries.length} rules found`);
});

it.each(rules.map((rule) => [rule.alert, rule] as const))(
  '%s has a section that says what to do',
  (_, { annotations }) => {
    const [page, anchor] = annotations.runbook!.split('#');
    const file = new URL(`../../${page}`, import.meta.url).pathname;
    expect(headings(file)).toContain(anchor);
    const section = readFileSync(file, 'utf8')
      .split(/^## /m)
      .find((text) => text.toLowerCase().startsWith(anchor!));
    expect(section).toMatch(/`(kubectl|npx) /);
  },
);
