/**
 * @module-tag needs-curl
 * @module-tag needs-go
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { synthesize } from '../support/cases';
import { BUILD_TIMEOUT, goTool } from '../support/go-tool';
import { objectsOf } from '../support/objects';
import { containerOf } from '../support/pod-container';
import { freePort } from '../support/postgres';
import { type Ended, type Running, run, start } from '../support/process';
import { snapshotCases } from '../support/snapshot-cases';

const objects = objectsOf(synthesize(snapshotCases.evaluation!));
const { env } = containerOf(objects, 'StatefulSet/hexclave-mailpit', 'mailpit');

/** Mailpit with the variables of the manifest; the tests only put its ports and its file somewhere else. */
describe('Mailpit, run with the variables of its pod', () => {
  let folder: string;
  let mailpit: Running;
  let program: string;
  let smtp: number;
  let ui: number;
  let variables: Record<string, string>;

  beforeAll(async () => {
    program = await goTool('mailpit');
    folder = mkdtempSync(join(tmpdir(), 'mailpit-'));
    [smtp, ui] = [await freePort(), await freePort()];
    variables = {
      ...env,
      MP_SMTP_BIND_ADDR: env.MP_SMTP_BIND_ADDR!.replace(':1025', `:${smtp}`),
      MP_UI_BIND_ADDR: env.MP_UI_BIND_ADDR!.replace(':8025', `:${ui}`),
      MP_DATABASE: join(folder, 'mailpit.db'),
      HOME: folder,
    };
    mailpit = start(program, [], { env: variables });
    await mailpit.said('[http] starting');
  }, BUILD_TIMEOUT);

  afterAll(async () => {
    mailpit.kill('SIGTERM');
    await mailpit.ended;
    rmSync(folder, { recursive: true });
  });

  /** Sends a message as the server does: with the user and password of its variables, without TLS. */
  function send(subject: string, password: string): Promise<Ended> {
    const file = join(folder, 'message');
    writeFileSync(file, `From: ${sender}\r\nTo: user@acme.test\r\nSubject: ${subject}\r\n\r\nSign in\r\n`);
    const envelope = ['--mail-from', sender, '--mail-rcpt', 'user@acme.test', '--upload-file', file];
    const login = ['--user', `hexclave:${password}`];
    return run('curl', ['--silent', '--show-error', '--url', `smtp://127.0.0.1:${smtp}`, ...envelope, ...login]);
  }

  const sender = 'hexclave@mailpit.test';
  const subjects = async () => {
    const answer = await fetch(`http://127.0.0.1:${ui}/api/v1/messages`);
    const { messages } = (await answer.json()) as { messages: { Subject: string }[] };
    return messages.map(({ Subject }) => Subject);
  };

  test('takes what the server sends with its own password, and shows it', async () => {
    expect(await send('Welcome', env.SMTP_PASSWORD!)).toMatchObject({ code: 0 });
    await vi.waitFor(async () => expect(await subjects()).toContain('Welcome'));
  });

  test('refuses another password', async () => {
    const { output } = await send('Spam', 'another');
    expect(output).toContain('Login denied');
    expect(await subjects()).not.toContain('Spam');
  });

  test('says that it is ready to the probe of the manifest', async () => {
    expect(await run(program, ['readyz'], { env: variables })).toMatchObject({ code: 0 });
  });

  test('shows the mail inside the pod alone', async () => {
    const output = mailpit.output();
    expect(output).toContain(`starting on 127.0.0.1:${ui}`);
    expect(output).toContain(`starting on 0.0.0.0:${smtp}`);
  });

  test('gets the password that the server gets', () => {
    const secret = objects.find(({ object }) => object.kind === 'Secret')!.object.data;
    expect(Buffer.from(secret.STACK_EMAIL_PASSWORD, 'base64').toString()).toBe(env.SMTP_PASSWORD);
    const config = objects.find(({ object }) => object.metadata.name === 'hexclave-config')!.object.data;
    expect(config).toMatchObject({
      STACK_EMAIL_HOST: 'hexclave-mailpit',
      STACK_EMAIL_PORT: '1025',
      STACK_EMAIL_USERNAME: 'hexclave',
      STACK_EMAIL_SENDER: sender,
    });
  });
});
