import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, root } from '../support/cli';
import { objectsOf } from '../support/objects';
import { Consumer, managers } from './consumer';

describe('npx cdk8s-hexclave init production --project', () => {
  it('makes an app that typechecks and synthesizes what the command does', async () => {
    const consumer = new Consumer();
    await consumer.must(
      managers.npx,
      '--yes',
      'cdk8s-hexclave',
      'init',
      'production',
      '--from',
      '../hexclave.env',
      '--project',
    );
    await consumer.must(managers.npm, 'install');
    await consumer.must(managers.npm, 'run', 'typecheck');
    await consumer.must(managers.npm, 'run', 'synth');
    await consumer.must(managers.npx, 'cdk8s-hexclave', 'synth', '--output', 'manifests');
    const [app, command] = ['dist', 'manifests/production'].map((folder) =>
      objectsOf(new Map(Object.entries(contents(join(consumer.folder, folder))))).map(({ object }) => object),
    );
    expect(app).toEqual(command);
    // The first line of environment.yaml names the schema for editors.
    const yaml = contents(join(consumer.folder, 'environments/production'))['environment.yaml']!;
    const [, schema] = /\$schema=(.*)/.exec(yaml)!;
    // What is wrong with the environment is said without a stack trace.
    const config = join(consumer.folder, 'environments/production/config.env');
    writeFileSync(config, readFileSync(config, 'utf8').replace(/^STACK_CLICKHOUSE_URL=.*/m, ''));
    const run = await consumer.run(managers.npm, 'run', 'synth');
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(/has 1 error:\n.*STACK_CLICKHOUSE_URL/);
    expect(run.stderr).not.toMatch(/main\.ts:\d|InvalidEnvironment/);
    const found = readFileSync(join(consumer.folder, 'environments/production', schema!), 'utf8');
    expect(found).toBe(readFileSync(join(root, 'config/environment.schema.json'), 'utf8'));
  });
});
