import { createHmac } from 'node:crypto';

/** When a key is issued and when it ends, in seconds since 1970. */
export interface Lifetime {
  readonly issued: number;
  readonly expires: number;
}

/**
 * The API key of a Svix server: a token of its only organization, signed with the server's JWT secret. It depends on the
 * secret alone, so both sides follow from one value and a synth needs no clock.
 */
export function svixApiKey(jwtSecret: string, { issued, expires }: Lifetime = ALWAYS): string {
  // The claims and their order are those of `svix-server jwt generate`.
  const claims = { iat: issued, exp: expires, nbf: issued, iss: 'svix-server', sub: ORGANIZATION };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`;
}

/** From before there was a Svix until 2100: a key that runs out would end all webhooks one day, and nobody would know why. */
const ALWAYS: Lifetime = { issued: Date.UTC(2020, 0, 1) / 1000, expires: Date.UTC(2100, 0, 1) / 1000 };

/** The organization that a self-hosted Svix has from the start. */
const ORGANIZATION = 'org_23rb8YdGqMT0qIzpgGwdXfHirMu';

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
