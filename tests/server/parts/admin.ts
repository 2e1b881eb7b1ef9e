import { expect, it } from 'vitest';
import { rolledOut } from '../../cluster/lib/wait';
import { client } from '../lib/client';
import { figure, seconds } from '../lib/figures';
import { DEPLOYMENT, inPod, pods, type Subject, sql, withImage } from '../lib/subject';

const PASSWORD = 'STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD';
const EMAIL = 'STACK_SEED_INTERNAL_PROJECT_USER_EMAIL';
const SERVER_KEY = 'STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY';
const SEEDED = '33e7c043-d2d1-4187-acd3-f91b5ed64b46';
const OTHER = 'other@hexclave.test';

/** What docs/how-to/sign-in.md says, on the server that it is about. */
export function admin(subject: Subject): void {
  const { namespace, evaluation, image } = subject;
  let at: (port: number) => string;
  let first: string;
  const api = client(subject, async () => at);
  const config = (name: string, value: string) => {
    const others = (text: string) => text.replace(new RegExp(`^${name}=.*\n?`, 'm'), '').trimEnd();
    evaluation.change((text) => `${others(text)}\n${name}=${value}\n`, 'config.env');
  };
  const reset = () => evaluation.command('admin', 'reset', 'evaluation', '--apply');
  const signUp = (email: string) =>
    api.asClient('POST', '/api/v1/auth/password/sign-up', { email, password: 'correct horse battery' });
  /** The seed of the image, with other values than the environment has. Returns its exit code. */
  const seed = async (...variables: string[]) => {
    const [pod] = await pods(subject);
    const script = 'cd /app/apps/backend && env "$@" node dist/db-migrations.mjs seed > /tmp/seed.log 2>&1; echo $?';
    return (await inPod(subject, pod.metadata.name, script, ...variables)).trim();
  };

  it('changes nothing for who is there when another password is seeded; sign-up opens, and sessions outlive another URL', async () => {
    first = evaluation.secret(PASSWORD);
    at = await evaluation.forward(DEPLOYMENT);
    const session = (await api.signIn(first)).body.refresh_token;
    evaluation.change(withImage(image));
    config('STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED', 'true');
    config('NEXT_PUBLIC_STACK_API_URL', 'http://127.0.0.1:8102');
    const { code, output } = await evaluation.command('rotate', 'evaluation', PASSWORD);
    expect([code, output]).toEqual([0, expect.stringContaining('admin reset')]);
    expect(evaluation.secret(PASSWORD)).not.toBe(first);
    evaluation.change((yaml) => yaml);
    await evaluation.apply();
    await rolledOut(namespace, DEPLOYMENT, 900);
    at = await evaluation.forward(DEPLOYMENT);
    expect((await api.signIn(first)).status).toBe(200);
    expect((await api.signIn()).status).toBe(400);
    const refreshed = await api.refresh(session);
    expect(refreshed.status).toBe(200);
    const [, claims] = refreshed.body.access_token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).iss).toMatch(/^http:\/\/127\.0\.0\.1:8102\//);
    expect((await signUp('second@hexclave.test')).status).toBe(200);
  }, 1_200_000);

  it('gives the administrator the password of the Secret, takes the second factor away, and ends sessions', async () => {
    const session = (await api.signIn(first)).body.refresh_token;
    const secret = Buffer.alloc(20, 7).toString('base64');
    expect((await api.asServer('PATCH', `/api/v1/users/${SEEDED}`, { totp_secret_base64: secret })).status).toBe(200);
    expect((await api.signIn(first)).body.code).toBe('MULTI_FACTOR_AUTHENTICATION_REQUIRED');
    const took = await seconds(async () => {
      const { code, output } = await reset();
      expect([code, output]).toEqual([0, expect.stringContaining('admin-reset: done')]);
      for (const name of [PASSWORD, SERVER_KEY]) expect(output).not.toContain(evaluation.secret(name));
    });
    figure('what it does', 'admin reset', took, 's');
    expect((await api.signIn(first)).status).toBe(400);
    expect((await api.signIn()).status).toBe(200);
    expect((await api.refresh(session)).status).toBe(401);
  });

  it('mends what a first seed leaves that is refused the address, which no other seed does', async () => {
    await sql(subject, `DELETE FROM "ProjectUser" WHERE "projectUserId" = '${SEEDED}'`);
    expect(await seed(`${EMAIL}=nonsense`)).not.toBe('0');
    const { body } = await api.asServer('GET', `/api/v1/users/${SEEDED}`);
    expect(body.primary_email).toBeNull();
    expect(await seed()).toBe('0');
    expect((await api.signIn()).status).toBe(400);
    const { code, output } = await reset();
    expect([code, output]).toEqual([0, expect.stringContaining('has no address')]);
    expect((await api.signIn()).status).toBe(200);
  }, 600_000);

  it('makes an account of another address beside the one of the seed, in the internal team', async () => {
    config(EMAIL, OTHER);
    expect((await api.signIn(undefined, OTHER)).status).toBe(400);
    const { code, output } = await reset();
    expect([code, output]).toEqual([0, expect.stringContaining('it is made')]);
    const { body } = await api.signIn(undefined, OTHER);
    const teams = await api.asServer('GET', `/api/v1/teams?user_id=${body.user_id}`);
    expect(teams.body.items.map((team: { display_name: string }) => team.display_name)).toContain('Internal Team');
    expect((await api.signIn()).status).toBe(200);
    // Once more changes nothing.
    expect((await reset()).code).toBe(0);
    expect((await api.signIn(undefined, OTHER)).body.user_id).toBe(body.user_id);
  });

  it('closes sign-up by the next seed, which trusts a new dashboard beside the old one and lets everybody be who is there', async () => {
    const domains = async () => (await api.asAdmin('GET', '/api/v1/internal/projects/current')).body.config.domains;
    const dashboards = ['https://old.hexclave.test', 'https://new.hexclave.test'];
    for (const url of dashboards) {
      expect(
        await seed('STACK_SEED_INTERNAL_PROJECT_SIGN_UP_ENABLED=false', `NEXT_PUBLIC_STACK_DASHBOARD_URL=${url}`),
      ).toBe('0');
    }
    expect((await domains()).map(({ domain }: { domain: string }) => domain)).toEqual(
      expect.arrayContaining(dashboards),
    );
    expect((await signUp('third@hexclave.test')).body.code).toBe('SIGN_UP_NOT_ENABLED');
    expect((await api.signIn('correct horse battery', 'second@hexclave.test')).status).toBe(200);
    expect((await api.signIn()).status).toBe(200);
  }, 600_000);

  it('says what it is when the key of the Secret is another than the last migration wrote', async () => {
    expect((await evaluation.command('rotate', 'evaluation', SERVER_KEY)).code).toBe(0);
    evaluation.change((yaml) => yaml);
    const { code, output } = await reset();
    expect([code, output]).toEqual([1, expect.stringContaining('refuses the key')]);
    expect(output).not.toContain(evaluation.secret(SERVER_KEY));
  });
}
