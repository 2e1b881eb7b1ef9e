import { expect, it } from 'vitest';
import { eventually } from '../../cluster/lib/wait';
import { client } from '../lib/client';
import { figure } from '../lib/figures';
import { type Subject, sql } from '../lib/subject';

/** One pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What people use it for, at its public addresses. */
export function uses(subject: Subject): void {
  const { evaluation } = subject;
  let forwarded: Promise<(port: number) => string> | undefined;
  const at = () => {
    forwarded ??= evaluation.forward('deployment/hexclave-server');
    return forwarded;
  };
  const api = client(subject, at);
  let user: string;

  it('signs the seeded administrator in, and nobody with another password', async () => {
    const { status, body } = await api.signIn();
    expect({ status, keys: Object.keys(body) }).toMatchObject({
      status: 200,
      keys: expect.arrayContaining(['access_token', 'refresh_token']),
    });
    // Signed for the address that the environment says.
    const [, claims] = body.access_token.split('.');
    const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(iss).toMatch(/^http:\/\/localhost:8102\//);
    expect((await api.signIn('not the password')).status).toBe(400);
    figure('what it does', 'sign-in of the seeded administrator', 'works');
  });

  it('tells browsers the configured addresses, in the page and in its scripts, and no placeholder of the build', async () => {
    const dashboard = (await at())(8101);
    const page = await fetch(`${dashboard}/handler/sign-in`);
    expect(page.status).toBe(200);
    const html = await page.text();
    const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(([, source]) => source!);
    const texts = await Promise.all(scripts.map(async (source) => (await fetch(`${dashboard}${source}`)).text()));
    const all = [html, ...texts].join('\n');
    expect(all).toContain('http://localhost:8102');
    for (const name of ['STACK_API_URL', 'BROWSER_STACK_API_URL', 'STACK_PUBLISHABLE_CLIENT_KEY', 'STACK_PROJECT_ID']) {
      expect(all, name).not.toMatch(new RegExp(`STACK_ENV_VAR_SENTINEL_NEXT_PUBLIC_${name}\\b`));
    }
    figure('what it does', 'dashboard', `200, configured addresses, ${scripts.length} scripts`);
  });

  it('says what is healthy, and which address it believes in', async () => {
    expect((await api.get('/health?db=1')).status).toBe(200);
    // Behind it A tells clients of a second address, for localhost and the vendor's own domain alone.
    expect((await api.get('/api/v1/internal/backend-urls')).body.urls[0]).toBe('http://localhost:8102');
    expect((await fetch(`${(await at())(8101)}/health`)).status).toBe(200);
  });

  it.each([
    ['email-queue-step', 'only_one_step=true', 400],
    // Those two also take an administrator's keys.
    ['external-db-sync/sequencer', 'maxDurationMs=2000', 401],
    ['external-db-sync/poller', 'maxDurationMs=2000', 401],
  ])('lets only the right bearer call %s', async (path, query, without) => {
    const call = async (headers: Record<string, string>) =>
      (await api.get(`/api/latest/internal/${path}?${query}`, headers)).status;
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    const begun = Date.now();
    const right = await call(bearer(evaluation.secret('CRON_SECRET')));
    const took = (Date.now() - begun) / 1000;
    const [wrong, missing] = [await call(bearer('wrong')), await call({})];
    figure('what it does', path, `right bearer ${right} in ${took.toFixed(1)} s, wrong ${wrong}, none ${missing}`);
    expect([right, wrong, missing]).toEqual([200, 401, without]);
  });

  it('makes a user', async () => {
    const answer = await api.asServer('POST', '/api/v1/users', {
      display_name: 'A person',
      primary_email: 'person@acme.test',
      primary_email_verified: true,
      primary_email_auth_enabled: true,
      otp_auth_enabled: true,
      password: 'correct horse battery',
    });
    expect(answer).toMatchObject({ status: 201, body: { primary_email: 'person@acme.test' } });
    user = answer.body.id;
    figure('what it does', 'a user made by the server API', 'works');
  });

  it('tells Svix of that user', async () => {
    const told = () => sql(subject, 'SELECT event_type FROM message', 'svix');
    await eventually('the webhook', async () => (await told()).includes('user.created'), 60);
    figure('what it does', 'webhook', 'user.created reached Svix');
  });

  it('keeps a picture in the public bucket, where a browser finds it', async () => {
    const answer = await api.asServer('PATCH', `/api/v1/users/${user}`, {
      profile_image_url: `data:image/png;base64,${PNG}`,
    });
    expect(answer.status).toBe(200);
    const url: string = answer.body.profile_image_url;
    expect(url).toMatch(/^http:\/\/localhost:8333\/hexclave\//);
    const store = await evaluation.forward('statefulset/hexclave-seaweedfs');
    const picture = await fetch(url.replace('http://localhost:8333', store(8333)));
    expect(picture.status).toBe(200);
    figure(
      'what it does',
      'upload to S3',
      `${(await picture.arrayBuffer()).byteLength} bytes, read back by its public address`,
    );
  });
}
