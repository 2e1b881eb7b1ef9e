/**
 * @module-tag needs-curl
 * @module-tag needs-go
 * @module-tag needs-unshare
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesize } from '../support/cases';
import { BUILD_TIMEOUT, goTool } from '../support/go-tool';
import { objectsOf, templatesOf } from '../support/objects';
import { makePod, type Pod } from '../support/pod';
import { containerOf } from '../support/pod-container';
import { type Ended, type Running, run } from '../support/process';
import { snapshotCases } from '../support/snapshot-cases';

const objects = objectsOf(synthesize(snapshotCases.evaluation!));
const { owner, template } = templatesOf(objects).find((item) => item.owner.metadata.name === 'hexclave-seaweedfs')!;
const job = containerOf(objects, 'Job/hexclave-buckets-', 'buckets');
const { STACK_S3_ACCESS_KEY_ID: id = '', STACK_S3_SECRET_ACCESS_KEY: key = '' } = job.env;
/** The pod's own address, beside localhost: what other pods see. */
const ADDRESS = '10.99.0.1';
const endpoint = `http://${ADDRESS}:8333`;

/** SeaweedFS in its pod: the arguments, the user, the read-only root and the volumes of the manifest. */
describe('SeaweedFS, started as its manifest says', () => {
  let folder: string;
  let pod: Pod;
  let weed: Running;

  beforeAll(async () => {
    const program = await goTool('seaweedfs');
    folder = mkdtempSync(join(tmpdir(), 'seaweedfs-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'bin'));
    copyFileSync(program, join(folder, 'bin', 'weed'));
    const secrets = objects.filter(({ object }) => object.kind === 'Secret');
    const decoded = (data: Record<string, string>) =>
      Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]));
    const files = secrets.map(({ object }) => [`Secret/${object.metadata.name}`, decoded(object.data)]);
    pod = makePod({ owner, files: Object.fromEntries(files), programs: folder });
    await startStore();
  }, BUILD_TIMEOUT);

  afterAll(async () => {
    weed.kill('SIGKILL');
    await weed.ended;
    pod.remove();
    rmSync(folder, { recursive: true });
  });

  async function startStore(): Promise<void> {
    weed = pod.start();
    await weed.said('Start Seaweed');
    expect(await pod.beside(weed, ['ip', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo'])).toMatchObject({ code: 0 });
  }

  /** Status and body of a request to the gateway, signed with the key unless it is left out. */
  async function s3(method: string, path: string, { body = '', signed = true } = {}): Promise<[string, string]> {
    const signature = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user', `${id}:${key}`];
    const send = body ? ['--data-binary', body, '--header', 'x-amz-content-sha256: UNSIGNED-PAYLOAD'] : [];
    const all = [
      '--silent',
      '--request',
      method,
      ...send,
      ...(signed ? signature : []),
      '--write-out',
      '\n%{http_code}',
    ];
    const { output } = await pod.beside(weed, ['curl', ...all, `${endpoint}${path}`]);
    const end = output.lastIndexOf('\n');
    return [output.slice(end + 1), output.slice(0, end)];
  }

  /** The Job's command, with the network's address in place of the Service's name. */
  function buckets(env: Record<string, string> = {}): Promise<Ended> {
    return pod.beside(weed, job.command, { ...job.env, STACK_S3_ENDPOINT: endpoint, ...env });
  }

  test('the Job waits until the store is up, and makes the buckets', async () => {
    const { code, output } = await buckets();
    expect(output.replace('buckets: waiting for the store\n', '')).toBe(
      [
        'buckets: bucket hexclave',
        'buckets: bucket hexclave-private',
        'buckets: everyone may read objects of hexclave',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
  }, 120_000);

  test('the Job changes nothing when it runs again', async () => {
    expect((await s3('PUT', '/hexclave/kept', { body: 'kept' }))[0]).toBe('200');
    const { code, output } = await buckets();
    expect(code).toBe(0);
    expect(output).toContain('buckets: bucket hexclave: was there already');
    expect(await s3('GET', '/hexclave/kept')).toEqual(['200', 'kept']);
  });

  test('the probe of the manifest is answered', async () => {
    expect((await s3('GET', template.spec.containers[0].readinessProbe.httpGet.path, { signed: false }))[0]).toBe(
      '200',
    );
  });

  test('browsers may read an object of the public bucket and do nothing else', async () => {
    expect((await s3('PUT', '/hexclave/images/a.txt', { body: 'an image' }))[0]).toBe('200');
    expect((await s3('PUT', '/hexclave-private/replay', { body: 'a session' }))[0]).toBe('200');
    const anyone = { signed: false };
    expect(await s3('GET', '/hexclave/images/a.txt', anyone)).toEqual(['200', 'an image']);
    expect((await s3('GET', '/hexclave-private/replay', anyone))[0]).toBe('403');
    expect((await s3('GET', '/hexclave', anyone))[0]).toBe('403');
    expect((await s3('GET', '/', anyone))[1]).not.toContain('hexclave-private');
    expect((await s3('PUT', '/hexclave/mine', { ...anyone, body: 'mine' }))[0]).toBe('403');
    expect((await s3('DELETE', '/hexclave/images/a.txt', anyone))[0]).toBe('403');
    expect((await s3('PUT', '/another-bucket', anyone))[0]).toBe('403');
  });

  test('of its ports only the gateway’s is open to other pods', async () => {
    const { output } = await pod.beside(weed, ['ss', '--tcp', '--listening', '--numeric', '--no-header']);
    const open = output.split('\n').flatMap((line) => {
      const address = line.split(/\s+/)[3];
      return address && !address.startsWith('127.0.0.1:') ? [address.split(':').at(-1)] : [];
    });
    expect(output).toContain('127.0.0.1:8888');
    expect(open).toContain('8333');
    expect(open).not.toEqual(expect.arrayContaining(['8888']));
    for (const port of ['8888', '9333', '8080']) expect(open, `port ${port}`).not.toContain(port);
  });

  test('data and buckets are there after a restart', async () => {
    weed.kill('SIGTERM');
    await weed.ended;
    await startStore();
    await expect
      .poll(() => s3('GET', '/hexclave/images/a.txt'), { timeout: 60_000, interval: 1000 })
      .toEqual(['200', 'an image']);
    expect(await s3('GET', '/hexclave/images/a.txt', { signed: false })).toEqual(['200', 'an image']);
  }, 90_000);

  test('another key is refused at once, without a word about it', async () => {
    const { code, output } = await buckets({ STACK_S3_SECRET_ACCESS_KEY: 'not-the-"key\\' });
    expect(code).toBe(1);
    expect(output).toContain('buckets: failed: bucket hexclave');
    expect(output).toContain('SignatureDoesNotMatch');
    expect(output).not.toContain('not-the-');
  });

  test('the key stands in no command line', async () => {
    const log = join(folder, 'bin', 'log');
    const curl = (await run('sh', ['-c', 'command -v curl'])).output.trim();
    writeFileSync(join(folder, 'bin', 'curl'), `#!/bin/sh\nprintf '%s\\n' "$@" >> ${log}\nexec ${curl} "$@"\n`, {
      mode: 0o755,
    });
    expect(await buckets({ PATH: `${folder}/bin:${process.env.PATH}` })).toMatchObject({ code: 0 });
    const lines = readFileSync(log, 'utf8');
    expect(lines).toContain('--aws-sigv4');
    for (const secret of [id, key]) expect(lines).not.toContain(secret);
  });
});
