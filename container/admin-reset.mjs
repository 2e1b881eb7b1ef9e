// The Job of `admin reset`: lets the administrator whom the environment names sign in to the dashboard again. It goes through
// the server's own API with the server key of the dashboard's project, and ends with a sign-in.
// biome-ignore-all lint/style/useTemplate: Kubernetes and Flux rewrite what looks like a variable in a manifest.
import { setTimeout as sleep } from 'node:timers/promises';

/** Ids that the seed gives to what it makes, in every installation. */
const SEEDED_USER = '33e7c043-d2d1-4187-acd3-f91b5ed64b46';
const INTERNAL_TEAM = 'a23e1b7f-ab18-41fc-9ee6-7a9ca9fa543c';
const SEED = 'STACK_SEED_INTERNAL_PROJECT_';

/** Ends the run. Its message is ours, so it holds no secret. */
class Failure extends Error {}

process.on('SIGTERM', () => process.exit(143));
await reset().catch((error) => {
  console.error('admin-reset: ' + (error instanceof Failure ? error.message : nameOf(error)));
  process.exit(1);
});

async function reset() {
  const email = setting('USER_EMAIL');
  const password = setting('USER_PASSWORD');
  await serverAnswers();
  const user = (await found(email)) || (await withoutAddress(email)) || (await made(email));
  await asServer('PATCH', '/users/' + user, {
    ...signsInWith(email),
    password,
    totp_secret_base64: null,
  });
  say(
    'it has the password of ' +
      SEED +
      'USER_PASSWORD, its address counts as verified, and no second factor is asked for',
  );
  await joinInternalTeam(user);
  const session = await asClient('/auth/password/sign-in', { email, password });
  await send('DELETE', '/auth/sessions/current', {
    ...clientHeaders(),
    'x-stack-access-token': session.access_token,
    'x-stack-refresh-token': session.refresh_token,
  });
  say('done: ' + email + ' signs in with it');
}

/** The account with this address, whoever made it. */
async function found(email) {
  const { items } = await asServer('GET', '/users?limit=100&query=' + encodeURIComponent(email));
  if (!Array.isArray(items)) throw new Failure('GET /users answers something that is not a list of accounts');
  const own = items.filter(({ primary_email: address }) => address && address.toLowerCase() === email.toLowerCase());
  const [user] = own.sort((a, b) => Number(b.primary_email_auth_enabled) - Number(a.primary_email_auth_enabled));
  if (!user) return undefined;
  say('there is an account of ' + email);
  return user.id;
}

/** What a first seed leaves that was refused the address or the password: later ones take it for an administrator. */
async function withoutAddress(email) {
  const user = await asServer('GET', '/users/' + SEEDED_USER, undefined, 404);
  if (user && !user.primary_email) {
    say('the account that the seed made has no address: it gets ' + email);
    return SEEDED_USER;
  }
  if (user)
    say('the account that the seed made has another address and stays: delete it in the dashboard if it is nobody’s');
  return undefined;
}

async function made(email) {
  const user = await asServer('POST', '/users', { ...signsInWith(email), display_name: 'Administrator' });
  say('there was no account of ' + email + ': it is made');
  return user.id;
}

function signsInWith(email) {
  return { primary_email: email, primary_email_auth_enabled: true, primary_email_verified: true };
}

/** As the seed does it, which gives the one account that it made this and no other. */
async function joinInternalTeam(user) {
  if (process.env[SEED + 'USER_INTERNAL_ACCESS'] !== 'true') {
    say('it is not put into the internal team, for ' + SEED + 'USER_INTERNAL_ACCESS is not true');
    return;
  }
  const { items } = await asServer('GET', '/teams?user_id=' + user);
  if (!items.some(({ id }) => id === INTERNAL_TEAM)) {
    await asServer('POST', '/team-memberships/' + INTERNAL_TEAM + '/' + user, {});
  }
  await asServer('POST', '/team-permissions/' + INTERNAL_TEAM + '/' + user + '/team_admin', {});
  say('it is in the internal team, as its administrator');
}

/** A pod that starts takes a minute, and the database behind it has to be migrated and seeded. */
async function serverAnswers() {
  const deadline = performance.now() + Number(process.env.WAIT_SECONDS || 300) * 1000;
  for (let said = ''; ; await sleep(2000)) {
    const answer = await fetch(process.env.API_URL + '/health?db=1', { signal: AbortSignal.timeout(10_000) }).catch(
      nameOf,
    );
    if (answer.ok) return;
    const reason =
      typeof answer === 'string' ? 'nobody answers (' + answer + ')' : 'its health check answers ' + answer.status;
    if (reason !== said) say('waiting for the server: ' + reason);
    said = reason;
    if (performance.now() > deadline)
      throw new Failure('gave up on the server: ' + reason + '. npx cdk8s-hexclave doctor says why');
  }
}

async function asServer(method, path, body, missing) {
  const headers = { ...internal('server'), 'x-stack-secret-server-key': setting('SECRET_SERVER_KEY') };
  const answer = await send(method, path, headers, body);
  if (answer.status === missing) return undefined;
  if (answer.status === 401) {
    throw new Failure(
      'the server refuses the key of the dashboard’s project (' +
        answer.code +
        '): the last migration Job wrote another ' +
        SEED +
        'SECRET_SERVER_KEY than the Secret has. Apply everything, so that it runs again',
    );
  }
  return succeeded(method + ' ' + path.split('?')[0], answer);
}

async function asClient(path, body) {
  return succeeded('the sign-in', await send('POST', path, clientHeaders(), body));
}

function clientHeaders() {
  return internal('client');
}

function internal(access) {
  return {
    'x-stack-project-id': 'internal',
    'x-stack-access-type': access,
    'x-stack-publishable-client-key': setting('PUBLISHABLE_CLIENT_KEY'),
  };
}

function succeeded(what, { status, code, body }) {
  if (status < 300) return body;
  const known = {
    USER_EMAIL_ALREADY_EXISTS: 'another account signs in with this address',
    SCHEMA_ERROR: 'the address is none, or the password has more than 70 characters',
  };
  throw new Failure(what + ' answers ' + status + ' (' + (known[code] || code) + ')');
}

async function send(method, path, headers, body) {
  const answer = await fetch(process.env.API_URL + '/api/v1' + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await answer.text();
  const parsed = /^[[{]/.test(text) ? JSON.parse(text) : {};
  // A code names the kind of error; a message may quote what was sent.
  const code = /^[A-Z_]+$/.test(parsed.code) ? parsed.code : 'no reason given';
  return { status: answer.status, code, body: parsed };
}

function setting(name) {
  const value = process.env[SEED + name];
  if (!value) throw new Failure(SEED + name + ' is not set');
  return value;
}

/** What went wrong with a connection, without what was sent over it. */
function nameOf(error) {
  const { code, name } = error.cause || error;
  return String(code || name);
}

function say(text) {
  console.log('admin-reset: ' + text);
}
