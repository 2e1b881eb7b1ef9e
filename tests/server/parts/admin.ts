import { expect, it } from 'vitest';
import { kubectl } from '../../cluster/lib/kubectl';
import { rolledOut } from '../../cluster/lib/wait';
import { client } from '../lib/client';
import { figure, seconds } from '../lib/figures';
import { DEPLOYMENT, inPod, pods, type Subject, sql, withImage } from '../lib/subject';

const PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';
const SEEDED = '33e7c043-d2d1-4187-acd3-f91b5ed64b46';
const OTHER = 'other@hexclave.test';

/** What docs/how-to/sign-in.md says, on the server that it is about. */
export function admin(subject: Subject): void {
  const { namespace, evaluation, image } = subject;
  let at: (port: number) => string;
  const api = client(subject, async () => at);
  const rollout = async () => {
    await evaluation.apply();
    await rolledOut(namespace, DEPLOYMENT, 900);
    at = await evaluation.forward(DEPLOYMENT);
  };
  const config = (name: string, value: string) =>
    evaluation.change(
      (text) => `${text.replace(new RegExp(`^${name}=.*\n?`, 'm'), '').trimEnd()}\n${name}=${value}\n`,
      'config.env',
    );
  const reset = () => evaluation.command('admin', 'reset', 'evaluation', '--apply');
  const users = (id: string) => api.asServer('GET', `/api/v1/users/${id}`);
  const signUp = (email: string) =>
    api.asClient('POST', '/api/v1/auth/password/sign-up', { email, password: 'correct horse battery' });
  const trusted = async () => JSON.stringify((await api.asAdmin('GET', '/api/v1/internal/projects/current')).body);
  /** The seed of the image, with other values than the environment has. */
  const seed = async (variables: string) => {
    const [pod] = await pods(subject);
    const script = `cd /app/apps/backend && ${variables} node dist/db-migrations.mjs seed > /tmp/seed.log 2>&1; echo $?`;
    return (await inPod(subject, pod.metadata.name, script)).trim();
  };

  let first: string;
  let session: string;

  it('changes nothing for who is there when another password is seeded, and opens sign-up when that is asked for', async () => {
    first = evaluation.secret(PASSWORD);
    evaluation.change(withImage(image));
    config('STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED', 'true');
    const { code, output } = await evaluation.command('rotate', 'evaluation', PASSWORD);
    expect([code, output]).toEqual([0, expect.stringContaining('admin reset')]);
    expect(evaluation.secret(PASSWORD)).not.toBe(first);
    evaluation.change((yaml) => yaml);
    await rollout();
    const { status, body } = await api.signIn(first);
    expect(status).toBe(200);
    session = body.refresh_token;
    expect((await api.signIn()).status).toBe(400);
    expect((await signUp('second@hexclave.test')).status).toBe(200);
  }, 1_200_000);

  it('gives the administrator the password of the Secret, takes the second factor away, and ends other sessions', async () => {
    const secret = Buffer.alloc(20, 7).toString('base64');
    expect((await api.asServer('PATCH', `/api/v1/users/${SEEDED}`, { totp_secret_base64: secret })).status).toBe(200);
    expect((await api.signIn(first)).body.code).toBe('MULTI_FACTOR_AUTHENTICATION_REQUIRED');
    const took = await seconds(async () => {
      const { code, output } = await reset();
      expect([code, output]).toEqual([0, expect.stringContaining('admin-reset: done')]);
      for (const value of [
        evaluation.secret(PASSWORD),
        evaluation.secret('STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY'),
      ]) {
        expect(output).not.toContain(value);
      }
    });
    figure('what it does', 'admin reset', took, 's');
    expect((await api.signIn(first)).status).toBe(400);
    expect((await api.signIn()).status).toBe(200);
    expect((await api.refresh(session)).status).not.toBe(200);
  });

  it('mends what a first seed leaves that is refused the password, which no other seed does', async () => {
    await sql(subject, `DELETE FROM "ProjectUser" WHERE "projectUserId" = '${SEEDED}'`);
    expect(await seed(`${PASSWORD}=short`)).not.toBe('0');
    expect((await users(SEEDED)).body.primary_email).toBeNull();
    expect(await seed('true')).toBe('0');
    expect((await api.signIn()).status).toBe(400);
    const { code, output } = await reset();
    expect([code, output]).toEqual([0, expect.stringContaining('has no address')]);
    expect((await api.signIn()).status).toBe(200);
    expect((await users(SEEDED)).body.primary_email).toBe('admin@hexclave.test');
  });

  it('after both URLs, the address and sign-up were changed: the old domain is trusted still, sign-up is closed', async () => {
    config('STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED', 'false');
    config('STACK_SEED_INTERNAL_PROJECT_USER_EMAIL', OTHER);
    config('NEXT_PUBLIC_STACK_DASHBOARD_URL', 'http://127.0.0.1:8101');
    config('NEXT_PUBLIC_STACK_API_URL', 'http://127.0.0.1:8102');
    const { body } = await api.signIn();
    await rollout();
    expect((await signUp('third@hexclave.test')).body.code).toBe('SIGN_UP_NOT_ENABLED');
    expect((await api.signIn('correct horse battery', 'second@hexclave.test')).status).toBe(200);
    const again = await api.signIn();
    expect(again.status).toBe(200);
    const [, claims] = again.body.access_token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).iss).toMatch(/^http:\/\/127\.0\.0\.1:8102\//);
    console.log('old token', await api.me(body.access_token), 'refresh', await api.refresh(body.refresh_token));
    console.log(await trusted());
    // The administrator of the first seed keeps the address of then.
    expect((await users(SEEDED)).body.primary_email).toBe('admin@hexclave.test');
  }, 1_200_000);

  it('makes an account of another address beside the one of the seed, in the internal team', async () => {
    expect((await api.signIn(undefined, OTHER)).status).toBe(400);
    const { code, output } = await reset();
    expect([code, output]).toEqual([0, expect.stringContaining('it is made')]);
    const { body } = await api.signIn(undefined, OTHER);
    const teams = await api.asServer('GET', `/api/v1/teams?user_id=${body.user_id}`);
    expect(teams.body.items.map(({ display_name }: { display_name: string }) => display_name)).toContain(
      'Internal Team',
    );
    expect((await api.signIn()).status).toBe(200);
    // Once more changes nothing.
    expect((await reset()).code).toBe(0);
    expect((await api.signIn(undefined, OTHER)).body.user_id).toBe(body.user_id);
  });

  it('says what it is when the key of the Secret is another than the last migration wrote', async () => {
    const name = 'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY';
    await evaluation.command('rotate', 'evaluation', name);
    evaluation.change((yaml) => yaml);
    const { code, output } = await reset();
    expect([code, output]).toEqual([1, expect.stringContaining('refuses the key')]);
    expect(output).not.toContain(evaluation.secret(name));
    await kubectl(['delete', 'job', '-n', namespace, 'hexclave-admin-reset']);
  });
}
