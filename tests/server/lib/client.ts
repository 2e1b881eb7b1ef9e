import type { Subject } from './subject';

/** What came back from the server. */
export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what the server sends has no type here
  readonly body: any;
}

export interface Client {
  /** Signs the seeded administrator in, or whoever has another address, as the dashboard does. */
  signIn(password?: string, email?: string): Promise<Reply>;
  /** A new access token for a session. */
  refresh(token: string): Promise<Reply>;
  /** A request with the server key of the internal project. */
  asServer(method: string, path: string, body?: object): Promise<Reply>;
  /** A request with the admin key of the internal project. */
  asAdmin(method: string, path: string, body?: object): Promise<Reply>;
  /** A request as the dashboard's browser sends it. */
  asClient(method: string, path: string, body?: object): Promise<Reply>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
}

/** A client of the API at its public address, which for the evaluation is the end of a port-forward. */
export function client({ evaluation }: Subject, at: () => Promise<(port: number) => string>): Client {
  const send = async (method: string, path: string, headers: Record<string, string>, body?: object): Promise<Reply> => {
    const response = await fetch(`${(await at())(8102)}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  };
  const internal = (access: 'client' | 'server' | 'admin') => ({
    'x-stack-project-id': 'internal',
    'x-stack-access-type': access,
    'x-stack-publishable-client-key': evaluation.secret('STACK_SEED_INTERNAL_PROJECT_PUBLISHABLE_CLIENT_KEY'),
    ...(access === 'server' && {
      'x-stack-secret-server-key': evaluation.secret('STACK_SEED_INTERNAL_PROJECT_SECRET_SERVER_KEY'),
    }),
    ...(access === 'admin' && {
      'x-stack-super-secret-admin-key': evaluation.secret('STACK_SEED_INTERNAL_PROJECT_SUPER_SECRET_ADMIN_KEY'),
    }),
  });
  return {
    signIn: (
      password = evaluation.secret('STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD'),
      email = 'admin@hexclave.test',
    ) => send('POST', '/api/v1/auth/password/sign-in', internal('client'), { email, password }),
    refresh: (token) =>
      send('POST', '/api/v1/auth/sessions/current/refresh', { ...internal('client'), 'x-stack-refresh-token': token }),
    asAdmin: (method, path, body) => send(method, path, internal('admin'), body),
    asServer: (method, path, body) => send(method, path, internal('server'), body),
    asClient: (method, path, body) => send(method, path, internal('client'), body),
    get: (path, headers = {}) => send('GET', path, headers),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
