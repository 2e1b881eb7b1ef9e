import { describe, expect, it } from 'vitest';
import { patience } from '../../charts/monitoring/watched';
import { guideConfig, guideSecrets, synthesize } from '../support/cases';
import { crdErrors } from '../support/crds';
import { type KubeObject, objectsOf } from '../support/objects';

const FILE = '65-monitoring.k8s.yaml';

function objects(settings: string, image = 'image: { tag: 53c1c9e }'): KubeObject[] {
  const yaml = `${image}\nedge: { tls: { external: true } }\n${settings}\n`;
  const text = synthesize({ yaml, config: guideConfig, secrets: guideSecrets }).get(FILE);
  return text === undefined ? [] : objectsOf(new Map([[FILE, text]])).map(({ object }) => object);
}

const kinds = (settings: string) => objects(settings).map(({ kind }) => kind);
const alerts = (settings: string): string[] =>
  objects(settings)
    .find(({ kind }) => kind === 'PrometheusRule')!
    .spec.groups[0].rules.map(({ alert }: { alert: string }) => alert);

describe('monitoring', () => {
  it('is off unless somebody asks for it', () => {
    expect(kinds('')).toEqual([]);
    expect(kinds('monitoring: { prometheus: false }')).toEqual([]);
  });

  it('holds what is asked for', () => {
    expect(kinds('monitoring: { prometheus: true }')).toEqual(['PrometheusRule']);
    expect(kinds("monitoring: { prometheus: { prober: 'a:9115' } }").sort()).toEqual(['Probe', 'PrometheusRule']);
    expect(kinds('monitoring: { dashboard: true }')).toEqual(['ConfigMap']);
  });

  it('is what the Prometheus operator’s own definitions take', () => {
    const made = objects("monitoring: { prometheus: { labels: { release: x }, prober: 'a:9115' } }");
    for (const object of made) {
      expect(crdErrors(object)).toEqual([]);
      expect(object.metadata.labels.release).toBe('x');
    }
  });

  it.each([
    ['HexclaveReplicasAtMax', 'replicas: { min: 2, max: 4 }', 'replicas: 2'],
    ['HexclavePodsTogether', 'replicas: 2', 'replicas: 1'],
    ['HexclaveGateWaiting', 'migration: { gate: ledger }', 'migration: { gate: off }'],
    ['HexclaveEmailQueueStuck', 'maintenance: {}', 'maintenance: { emailQueueStep: false }'],
    ['HexclaveMaintenanceLate', 'maintenance: {}', 'maintenance: { sequencer: false }'],
  ])('has %s where there is something of the kind, and not elsewhere', (alert, there, elsewhere) => {
    expect(alerts(`monitoring: { prometheus: true }\n${there.replace('gate: off', "gate: 'off'")}`)).toContain(alert);
    expect(alerts(`monitoring: { prometheus: true }\n${elsewhere.replace('gate: off', "gate: 'off'")}`)).not.toContain(
      alert,
    );
  });
});

it.each([
  ['* * * * *', 18],
  ['*/5 * * * *', 30],
  ['7 * * * *', 195],
  ['@hourly', 195],
  ['0 */6 * * *', 18 * 60 + 15],
  ['30 3 * * *', 72 * 60 + 15],
  ['@daily', 72 * 60 + 15],
  ['0 3 * * 1', 21 * 24 * 60 + 15],
  ['43 4 * * sun', 21 * 24 * 60 + 15],
  ['@weekly', 21 * 24 * 60 + 15],
])('a CronJob with the schedule %s is late after %d minutes without success', (schedule, minutes) => {
  expect(patience(schedule)).toBe(minutes * 60);
});

it.each(['0 0 1 1 *', '0 3 * * 1-5', '0 3 * * 1,4', '*/5 3 * * *', '*/5 3 * * 1', '1,31 * * * *', '@monthly'])(
  'a CronJob with the schedule %s is not watched by the clock',
  (schedule) => {
    expect(patience(schedule)).toBeUndefined();
  },
);
