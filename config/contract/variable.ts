import type { Severity } from '../finding';

/** What a variable is about; also the order of the generated reference. */
export type Group =
  | 'core'
  | 'seed'
  | 'email'
  | 'webhooks'
  | 'storage'
  | 'ai'
  | 'payments'
  | 'oauth'
  | 'vault'
  | 'protection'
  | 'clickhouse'
  | 'sync'
  | 'telemetry'
  | 'stores'
  | 'process'
  | 'migration'
  | 'backup'
  | 'development';

/** The form of a value. Every variable has one, and every value is checked by it (config/rules/forms.ts). */
export type Kind =
  /** An absolute https URL and nothing behind the host. */
  | 'origin'
  /** An absolute http or https URL. */
  | 'url'
  /** The same without a path, for clients that put one behind it. */
  | 'endpoint'
  /** A URL of any scheme. */
  | 'uri'
  /** Where Sentry takes errors: an http URL with a key in front of the host and a project behind it. */
  | 'sentry-dsn'
  /** A PostgreSQL URL as node-pg and WHATWG `new URL` read it. */
  | 'postgres-url'
  /** A DNS name or an address, without scheme, port or path. */
  | 'host'
  /** A TCP port. */
  | 'port'
  /** Literally `true` or `false`. */
  | 'boolean'
  /** A whole number from 1 on. */
  | 'integer'
  /** One bare e-mail address. */
  | 'email'
  /** Bare e-mail addresses with commas between them. */
  | 'emails'
  | 'json'
  /** A span of time such as `10min`. */
  | 'duration'
  /** A path in the container. */
  | 'path'
  /** One of the words in `oneOf`. */
  | 'choice'
  /** Words with commas between them. */
  | 'words'
  /** Random bytes in base64url. */
  | 'base64url'
  /** A key, token or secret that travels in headers and addresses: no blanks. */
  | 'token'
  /** A name or id as somebody else issues it: no blanks. */
  | 'name'
  /** The name of an S3 bucket. */
  | 'bucket'
  /** A role of AWS. */
  | 'arn'
  /** HTTP headers as name=value pairs. */
  | 'headers'
  /** A password that goes to its service as it is: one line. */
  | 'password'
  /** Any text. */
  | 'text';

/** A value that does harm in production, and the harm. */
export interface Risk {
  readonly severity: Severity;
  /** The values that do it. @default - every value that is not in `except` */
  readonly on?: readonly string[];
  /** The values that do not. */
  readonly except?: readonly string[];
  /** What would happen, as a sentence. */
  readonly harm: string;
}

/** One environment variable of the server. */
export interface Variable {
  /** The spelling that every image generation that knows the variable reads. */
  readonly name: string;
  readonly group: Group;
  readonly secret: boolean;
  /** What it is, in one sentence. */
  readonly doc: string;
  /** What does not work while it is unset. */
  readonly without?: string;
  readonly required?: true;
  readonly kind: Kind;
  readonly oneOf?: readonly string[];
  /** What the server uses while it is unset. */
  readonly default?: string;
  /** Old or second names beside the `STACK_`/`HEXCLAVE_` pair, which needs no entry. */
  readonly aliases?: readonly string[];
  /** The first image generation that reads it (docs/explanation/server.md#three-generations). @default - all of them */
  readonly since?: 'B' | 'C';
  /** Who sets it; writing it by hand has no effect or breaks something. */
  readonly owner?: 'image' | 'entrypoint' | 'manifests';
  /** The setting with which the manifests set it, and without which it is the user's. */
  readonly ownedWith?: 'caBundle' | 'proxy';
  /** Bound to an image generation: a literal of the pod template, never in what old and new pods share. */
  readonly template?: true;
  /** Read by the migration Job, so a new value is a new release. */
  readonly seed?: true;
  /** All spellings the pods get, with the same value. @default - the name alone */
  readonly emitAs?: readonly string[];
  /** The setting that makes use of it, such as `stores.postgres.mode: bundled`; without it the variable does nothing. */
  readonly when?: string;
  /** Only the migration Job, or only backups, get it. @default - all server pods */
  readonly scope?: 'migration' | 'backup';
  /** Values of a secret variable that give nothing away. */
  readonly publicValues?: readonly string[];
  /** Why setting it on the published image does nothing. */
  readonly inert?: string;
  readonly risk?: Risk;
}
