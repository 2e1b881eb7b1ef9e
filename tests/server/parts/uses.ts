import { expect, it } from 'vitest';
import { bed } from '../../cluster/lib/kubectl';
import { eventually } from '../../cluster/lib/wait';
import { ANSWERS, INSIDE } from '../../cluster/stand-in/assumptions';
import { client } from '../lib/client';
import { figure } from '../lib/figures';
import { inPod, pods, type Subject, sql } from '../lib/subject';

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

  it('answers and looks as the manifests and the stand-in take for granted', async () => {
    // The server of the bed is of generation A; what another tag is, nobody has said.
    const isOurs = ({ onlyA }: { onlyA?: true }) => bed !== undefined || !onlyA;
    const [answers, inside] = [ANSWERS.filter(isOurs), INSIDE.filter(isOurs)];
    const differs: string[] = [];
    const bearers = { right: evaluation.secret('CRON_SECRET'), wrong: 'wrong' };
    for (const { port, path, bearer, status } of answers) {
      const headers = bearer ? { authorization: `Bearer ${bearers[bearer]}` } : undefined;
      const begun = Date.now();
      const answer = await fetch(`${(await at())(port)}${path}`, { headers, redirect: 'manual' });
      await answer.arrayBuffer();
      const took = (Date.now() - begun) / 1000;
      const called = `${path.split('?')[0]}, ${bearer ?? 'no'} bearer`;
      if (path.includes('/internal/')) figure('what it does', called, `${answer.status} in ${took.toFixed(1)} s`);
      if (answer.status !== status)
        differs.push(`${port}${path} (${bearer ?? 'no'} bearer): ${answer.status}, not ${status}`);
    }
    const [pod] = await pods(subject);
    for (const { what, script, prints } of inside) {
      const printed = (await inPod(subject, pod.metadata.name, script)).trim();
      if (printed !== prints) differs.push(`${what}: ${JSON.stringify(printed)}, not ${JSON.stringify(prints)}`);
    }
    figure('stand-in', 'assumptions', `${answers.length + inside.length} compared, ${differs.length} do not hold`);
    for (const line of differs) figure('stand-in', 'differs', line);
    expect(differs).toEqual([]);
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
