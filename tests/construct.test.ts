import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { App, Chart, JsonPatch, Testing } from 'cdk8s';
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import type { z } from 'zod';
import { manifests } from '../charts/hexclave';
import type { settingsSchema } from '../config/settings';
import { type EnvironmentInput, Hexclave, HexclaveChart, InvalidEnvironment } from '../index';
import { environmentOf, envText, type Files, guideConfig, guideSecrets, madeUp } from './support/cases';
import { objectsOf } from './support/objects';
import { snapshotCases } from './support/snapshot-cases';

const data = {
  name: 'production',
  environment: { image: { tag: '53c1c9e' }, edge: { tls: { clusterIssuer: 'letsencrypt' } } },
  config: guideConfig,
  secrets: guideSecrets,
};

describe('the construct', () => {
  it.each(Object.entries(snapshotCases))('has the objects of the manifests, in their order: %s', (_, files) => {
    const chart = new Chart(Testing.app(), 'platform');
    Hexclave.fromFolder(chart, 'auth', folderOf(files));
    const written = objectsOf(manifests(environmentOf(files))).map(({ object }) => object);
    expect(plain(Testing.synth(chart))).toEqual(written);
  });

  it('takes data for what the files of a folder would say', () => {
    const chart = new HexclaveChart(Testing.app(), 'auth', data);
    const folder = folderOf({ yaml: JSON.stringify(data.environment), config: data.config, secrets: data.secrets });
    const same = new HexclaveChart(Testing.app(), 'auth', { folder });
    expect(Testing.synth(chart)).toEqual(Testing.synth(same));
    expect(rulesOf(chart)).toEqual(rulesOf(same));
  });

  it('stands next to other objects, and what it made can be reached and patched', () => {
    const chart = new Chart(new App(), 'platform');
    const hexclave = new Hexclave(chart, 'auth', data);
    expect(hexclave.namespace).toBe('hexclave-production');
    expect(hexclave.server.deployment.name).toBe('hexclave-server');
    expect(hexclave.server.services.api.name).toBe('hexclave-api');
    expect(hexclave.server.services.dashboard.name).toBe('hexclave-dashboard');
    expect(hexclave.migration.name).toMatch(/^hexclave-migrate-/);
    expect(hexclave.cronJobs.length).toBeGreaterThan(1);
    hexclave.server.deployment.addJsonPatch(JsonPatch.add('/metadata/labels/team', 'identity'));
    const deployment = Testing.synth(chart).find(({ kind }) => kind === 'Deployment');
    expect(deployment.metadata.labels.team).toBe('identity');
  });

  it('gives the same names wherever it stands', () => {
    const inner = new Chart(new Chart(Testing.app(), 'outer'), 'inner');
    new Hexclave(inner, 'elsewhere', data);
    expect(Testing.synth(inner)).toEqual(Testing.synth(new HexclaveChart(Testing.app(), 'auth', data)));
  });

  it('refuses an environment with errors, all of them at once and without a secret value', () => {
    const secret = madeUp('kept from errors', 12);
    const wrong = {
      ...data,
      environment: { ...data.environment, replicas: 3 },
      config: { ...data.config, NEXT_PUBLIC_STACK_API_URL: 'auth', NEXT_PUBLIC_STACK_DASHBOARD_URL: 'auth' },
      secrets: { ...data.secrets, STACK_SERVER_SECRET: secret },
    };
    const thrown = attempt(() => new HexclaveChart(Testing.app(), 'auth', wrong));
    expect(thrown).toBeInstanceOf(InvalidEnvironment);
    const { message, findings } = thrown as InvalidEnvironment;
    for (const field of ['NEXT_PUBLIC_STACK_API_URL', 'NEXT_PUBLIC_STACK_DASHBOARD_URL', 'STACK_SERVER_SECRET']) {
      expect(message).toContain(field);
      expect(findings.map((finding) => finding.field)).toContain(field);
    }
    expect(message).not.toContain(secret);
    expect(inspect(thrown).split('NEXT_PUBLIC_STACK_API_URL'), 'said once where nobody catches it').toHaveLength(
      message.split('NEXT_PUBLIC_STACK_API_URL').length,
    );
  });

  it('names the property of a wrong field, and the nearest that there is', () => {
    const environment = { ...data.environment, replica: 3 } as EnvironmentInput;
    const thrown = attempt(() => new HexclaveChart(Testing.app(), 'auth', { ...data, environment }));
    expect((thrown as Error).message).toMatch(/environment\.replica {2}replica {2}.*\n.*Write replicas/);
  });

  it('has the props that the schema takes, no more and no less', () => {
    expectTypeOf<EnvironmentInput>().toExtend<z.input<typeof settingsSchema>>();
    expectTypeOf<z.input<typeof settingsSchema>>().toExtend<EnvironmentInput>();
  });
});

/** As manifests are read: without fields that are undefined. */
function plain(objects: unknown): unknown {
  return JSON.parse(JSON.stringify(objects));
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

/** A folder of the test's own with an environment. */
function folderOf(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'hexclave-construct-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, files.name ?? 'production');
  mkdirSync(folder);
  const texts = {
    'environment.yaml': files.yaml,
    'config.env': envText(files.config),
    ...(files.secrets && { 'secrets.env': envText(files.secrets) }),
    ...files.others,
  };
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Sorted, for a place in data has no line to sort by. */
function rulesOf({ hexclave }: HexclaveChart): string[] {
  return hexclave.warnings.map(({ rule }) => rule).sort();
}
