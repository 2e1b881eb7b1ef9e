/** @module-tag needs-bash */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { scripts } from '../../charts/scripts';
import { synthesize } from '../support/cases';
import { containerText } from '../support/container-files';
import { objectsOf } from '../support/objects';
import { run } from '../support/process';
import { snapshotCases } from '../support/snapshot-cases';

/** No ClickHouse server can be had here: in its place a program that shows what the command hands over to it. */
const folder = mkdtempSync(join(tmpdir(), 'clickhouse-'));
writeFileSync(join(folder, 'clickhouse-server'), '#!/bin/bash\nprintf "%s\\0" "$@"\nenv -0\n', { mode: 0o755 });
afterAll(() => rmSync(folder, { recursive: true }));

const launch = (env: Record<string, string>) =>
  run('bash', ['-c', scripts.clickhouse, 'clickhouse', '--config-file=/a b'], {
    env: { PATH: `${folder}:${process.env.PATH}`, ...env },
  });

describe('the command of ClickHouse', () => {
  test('hands over a hash of the password, whatever characters it has, and not the password', async () => {
    const password = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(password, async (secret) => {
        const { output, code } = await launch({ CLICKHOUSE_PASSWORD: secret });
        expect(code).toBe(0);
        const hash = createHash('sha256').update(secret).digest('hex');
        const handed = output.split('\0');
        expect(handed[0]).toBe('--config-file=/a b');
        expect(handed).toContain(`CLICKHOUSE_PASSWORD_SHA256=${hash}`);
        expect(handed.filter((item) => item.startsWith('CLICKHOUSE_PASSWORD='))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('does not start a server without a password', async () => {
    for (const env of [{}, { CLICKHOUSE_PASSWORD: '' }]) {
      expect(await launch(env as Record<string, string>)).toMatchObject({
        code: 1,
        output: 'clickhouse: CLICKHOUSE_PASSWORD is empty\n',
      });
    }
  });

  test('takes the place of the shell, so that the server is process 1', async () => {
    expect(scripts.clickhouse.trimEnd().split('\n').at(-1)).toBe('exec clickhouse-server "$@"');
  });
});

describe.each([
  ['bundled', snapshotCases.bundled!, 'StatefulSet'],
  ['altinity', snapshotCases.operators!, 'ClickHouseInstallation'],
])('the %s ClickHouse', (mode, files, kind) => {
  const objects = objectsOf(synthesize(files)).map(({ object }) => object);
  const owner = objects.find((object) => object.kind === kind && object.metadata.name === 'hexclave-clickhouse');
  const pod = mode === 'bundled' ? owner.spec.template.spec : owner.spec.templates.podTemplates[0].spec;
  const [container] = pod.containers;

  test('can write where its configuration says and nowhere else', () => {
    const writable = container.volumeMounts.filter(({ readOnly }: { readOnly?: boolean }) => !readOnly);
    const paths = writable.map(({ mountPath }: { mountPath: string }) => mountPath);
    // The operator mounts the data by itself, and keeps log files beside the console.
    expect(paths.sort()).toEqual(
      mode === 'bundled' ? ['/tmp', '/var/lib/clickhouse'] : ['/tmp', '/var/log/clickhouse-server'],
    );
    const written = [...containerText('clickhouse/config.xml').matchAll(/>(\/[^<]+)</g)].map(([, path]) => path!);
    expect(written.length).toBeGreaterThan(4);
    for (const path of written) expect(path).toMatch(/^\/var\/lib\/clickhouse\//);
  });

  test('runs the version that upstream tests, one node, and gets signals itself', () => {
    expect(container.image).toMatch(/\/clickhouse\/clickhouse-server:25\.10\./);
    expect(container.env).toContainEqual({ name: 'CLICKHOUSE_WATCHDOG_ENABLE', value: '0' });
    const nodes = mode === 'bundled' ? owner.spec.replicas : owner.spec.configuration.clusters[0].layout.replicasCount;
    expect(nodes).toBe(1);
  });

  test('knows its user by the hash that the command makes', () => {
    const text =
      mode === 'bundled'
        ? objects.find((item) => item.kind === 'ConfigMap' && item.metadata.name === 'hexclave-clickhouse').data[
            'users.xml'
          ]
        : owner.spec.configuration.files['users.d/hexclave.xml'];
    expect(text).toContain('<password_sha256_hex from_env="CLICKHOUSE_PASSWORD_SHA256"/>');
    expect(text).not.toMatch(/<password>|<password /);
  });
});
