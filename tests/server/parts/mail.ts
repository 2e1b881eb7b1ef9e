import { expect, it } from 'vitest';
import { list } from '../../cluster/lib/api';
import { kubectl } from '../../cluster/lib/kubectl';
import { eventually, rolledOut } from '../../cluster/lib/wait';
import { client } from '../lib/client';
import { figure, seconds } from '../lib/figures';
import { type Mail, mailbox } from '../lib/mailbox';
import { type Subject, sql } from '../lib/subject';

const PERSON = 'person@acme.test';
const RENDERER = 'deployment/hexclave-renderer';

/** From the API to the inbox: queue, bundler, renderer and mail server, and back with what the e-mail says. */
export function mail(subject: Subject): void {
  const { namespace, evaluation, bundler } = subject;
  const forwards = new Map<string, Promise<(port: number) => string>>();
  const at = (object: string) => () => {
    if (!forwards.has(object)) forwards.set(object, evaluation.forward(object));
    return forwards.get(object)!;
  };
  const api = client(subject, at('deployment/hexclave-server'));
  const inbox = mailbox(at('statefulset/hexclave-mailpit'));

  const askForReset = async () => {
    const answer = await api.asClient('POST', '/api/v1/auth/password/send-reset-code', {
      email: PERSON,
      callback_url: 'http://localhost:8101/handler/password-reset',
    });
    expect(answer.status).toBe(200);
  };

  /** The e-mail that a request leads to. */
  const sent = async (what: string, ask: () => Promise<void>): Promise<Mail> => {
    const before = await inbox.messages(PERSON);
    const isNew = ({ ID }: { ID: string }) => before.every((old) => old.ID !== ID);
    let found: Mail | undefined;
    const took = await seconds(async () => {
      await ask();
      const id = () => inbox.messages(PERSON).then((messages) => messages.find(isNew)?.ID);
      found = await inbox.read(await eventually('the e-mail', id, 120));
    });
    figure('e-mail', what, took, 's from the request to the inbox');
    expect(found!.From.Address).toBe('hexclave@mailpit.test');
    expect(found!.HTML).toMatch(/^<!DOCTYPE html[^>]*>.*<\/html>/s);
    expect(found!.Text).not.toMatch(/<\w+[ >]/);
    return found!;
  };

  /** Asks for e-mails, four a second, for as long as something else lasts; returns when all of them have come. */
  const underMail = async (what: string, work: () => Promise<unknown>, mend = async () => {}) => {
    const before = (await inbox.messages(PERSON)).length;
    let done = false;
    let asked = 0;
    const working = work().finally(() => {
      done = true;
    });
    for (; !done || asked < 20; asked++) {
      const pause = new Promise((resolve) => setTimeout(resolve, 250));
      await Promise.all([askForReset(), pause]);
    }
    await working;
    await mend();
    const states = () => sql(subject, 'SELECT status, count(*) FROM "EmailOutbox" GROUP BY 1');
    const took = await seconds(() =>
      eventually(
        'all e-mails',
        async () => {
          const come = (await inbox.messages(PERSON)).length - before;
          if (come !== asked) throw new Error(`${come} of ${asked}; ${await states()}`);
          return true;
        },
        180,
      ),
    );
    figure('e-mail', what, `${asked} asked for, none lost; the last one ${took.toFixed(0)} s later`);
  };

  it('signs in by the code of an e-mail that was rendered in the namespace', async () => {
    let nonce = '';
    const { Subject, Text, HTML } = await sent('sign-in code, the first e-mail of a process', async () => {
      const answer = await api.asClient('POST', '/api/v1/auth/otp/send-sign-in-code', {
        email: PERSON,
        callback_url: 'http://localhost:8101/handler/magic-link-callback',
      });
      expect(answer).toMatchObject({ status: 200, body: { nonce: expect.any(String) } });
      nonce = answer.body.nonce;
    });
    const [code] = /^[A-Z0-9]{6}$/m.exec(Text)!;
    expect(Subject).toMatch(/sign in/i);
    expect(HTML).toContain(code);
    const answer = await api.asClient('POST', '/api/v1/auth/otp/sign-in', { code: code + nonce });
    expect(answer).toMatchObject({ status: 200, body: { access_token: expect.any(String), is_new_user: false } });
    if (bundler) expect(await bundler.asked()).toEqual([expect.stringMatching(/^unpkg\.com\/esbuild-wasm@[\d.]+\//)]);
    expect(await kubectl(['logs', '-n', namespace, RENDERER])).toMatch(/a script ended after \d+ ms/);
  });

  it('sets another password by the link of an e-mail', async () => {
    const { Subject, Text, HTML } = await sent('password reset', askForReset);
    expect(Subject).toMatch(/reset your password/i);
    const [, code] = /http:\/\/localhost:8101\/handler\/password-reset\?code=(\w+)/.exec(Text)!;
    expect(HTML).toContain(`code=${code}`);
    const password = 'staple battery correct';
    expect(await api.asClient('POST', '/api/v1/auth/password/reset', { code, password })).toMatchObject({
      status: 200,
    });
    const answer = await api.asClient('POST', '/api/v1/auth/password/sign-in', { email: PERSON, password });
    expect(answer).toMatchObject({ status: 200, body: { access_token: expect.any(String) } });
  });

  it('loses no e-mail while its renderer is rolled', async () => {
    await underMail('renderer rolled', async () => {
      await kubectl(['rollout', 'restart', '-n', namespace, RENDERER]);
      await rolledOut(namespace, RENDERER);
    });
  });

  it('renders later what its renderer was killed over', async () => {
    const given = `FROM "EmailOutbox" WHERE "finishedRenderingAt" IS NULL AND "startedRenderingAt" < now() - interval '15 s'`;
    const count = async () => Number((await sql(subject, `SELECT count(*) ${given}`))[0]);
    const scale = (replicas: number) => kubectl(['scale', '-n', namespace, RENDERER, `--replicas=${replicas}`]);
    const kill = async () => {
      const [pod] = await list(namespace, 'pods', 'app.kubernetes.io/component=renderer');
      await scale(0);
      await kubectl(['delete', 'pod', '-n', namespace, pod.metadata.name, '--grace-period=0', '--force']);
      await eventually('e-mails that the server has given up', async () => (await count()) > 0, 120);
      await scale(1);
      await rolledOut(namespace, RENDERER);
    };
    await underMail('renderer killed', kill, async () => {
      const open = 'SELECT 1 FROM "EmailOutbox" WHERE "finishedRenderingAt" IS NULL';
      const isSettled = async () => (await sql(subject, open)).length === (await count());
      await eventually('nothing that is still tried', isSettled, 120);
      figure('e-mail', 'renderer killed, given up at first', await count());
      // The server takes them up again after twenty minutes.
      const aged = `SET "startedRenderingAt" = "startedRenderingAt" - interval '20 min' WHERE "finishedRenderingAt" IS NULL`;
      await sql(subject, `UPDATE "EmailOutbox" ${aged}`);
    });
  }, 400_000);
}
