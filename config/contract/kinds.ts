import type { Kind } from './variable';

/** What a value of each kind is, for a sentence. */
export const kindNames: Readonly<Record<Kind, string>> = {
  origin: 'https URL without a path',
  url: 'URL',
  endpoint: 'URL without a path',
  uri: 'URL of any scheme',
  'sentry-dsn': 'DSN of Sentry',
  'postgres-url': 'PostgreSQL URL',
  host: 'host name',
  port: 'port',
  boolean: '`true` or `false`',
  integer: 'whole number',
  email: 'e-mail address',
  emails: 'e-mail addresses with commas between them',
  json: 'JSON',
  duration: 'duration',
  path: 'path in the container',
  choice: 'word of a list',
  words: 'words with commas between them',
  base64url: '32 bytes in base64url',
  token: 'key or token',
  name: 'name or id',
  bucket: 'bucket name',
  arn: 'ARN of a role',
  headers: 'name=value pairs',
  password: 'password',
  text: 'text',
};

/** Kinds whose values say where something is. */
export const LOCATIONS: ReadonlySet<Kind> = new Set<Kind>([
  'origin',
  'url',
  'endpoint',
  'uri',
  'sentry-dsn',
  'postgres-url',
  'host',
]);
