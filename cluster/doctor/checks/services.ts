import { type Check, RECORDED } from '../check';
import { type Facts, linesOf } from '../facts';

/** A service of the server that its log complains about. */
interface Complaint extends Pick<Check, 'id' | 'means' | 'fix' | 'page'> {
  readonly said: RegExp;
  readonly message: string;
  readonly component?: string;
}

const complaints: readonly Complaint[] = [
  {
    id: 'svix-not-reached',
    said: /svix.*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|fetch failed|401|authentication_failed)|(ECONNREFUSED|ENOTFOUND|fetch failed).*svix/i,
    message: 'The server does not reach Svix, or is refused: no webhook is delivered.',
    means:
      'The server does not reach Svix, or Svix refuses its key. Users and teams change all the same, but nobody is told by webhook.',
    fix: 'See that Svix runs, and that STACK_SVIX_SERVER_URL and STACK_SVIX_API_KEY belong to it.',
    page: 'docs/how-to/storage-mail-webhooks.md',
  },
  {
    id: 's3-refused',
    said: /SignatureDoesNotMatch|InvalidAccessKeyId|NoSuchBucket|AuthorizationHeaderMalformed|PermanentRedirect|S3.*AccessDenied|AccessDenied.*S3/,
    message: 'The object storage refuses the server: uploads fail.',
    means: 'The object storage refuses the server’s requests: wrong key, wrong region, or a bucket that is not there.',
    fix: 'See that the five STACK_S3_* variables belong together and that the bucket exists.',
    page: 'docs/how-to/storage-mail-webhooks.md',
  },
  {
    id: 'clock-skewed',
    said: /RequestTimeTooSkewed|RequestExpired|"iat" claim timestamp check failed|"nbf" claim timestamp check failed/,
    message: 'A clock is wrong: requests are refused for the time that they say.',
    means: 'The clock of a node or of a service is wrong by minutes, so that signed requests are refused.',
    fix: 'See that every node keeps its clock by NTP: timedatectl on the node.',
    page: 'docs/how-to/storage-mail-webhooks.md',
  },
  {
    id: 'clickhouse-schema-missing',
    said: /UNKNOWN_(DATABASE|TABLE)|Code: (60|81)\b/,
    message: 'ClickHouse lacks a table or a database of the server: analytics fail.',
    means:
      'ClickHouse lacks what migrations make there: it was started over with an empty volume, or the URL names another one.',
    fix: 'Run the migrations once more: raise migration.attempt, synth and apply.',
    page: 'docs/how-to/databases.md',
  },
  {
    id: 'clickhouse-refused',
    said: /AUTHENTICATION_FAILED|Code: 516\b/,
    message: 'ClickHouse refuses the server’s user or password.',
    means: 'ClickHouse refuses a user or a password of the server.',
    fix: 'See STACK_CLICKHOUSE_ADMIN_PASSWORD and STACK_CLICKHOUSE_EXTERNAL_PASSWORD; the second is set when its user is made, and not again.',
    page: 'docs/explanation/server.md#starting',
  },
  {
    id: 'smtp-refused',
    said: /\bEAUTH\b|Invalid login|\b535[ -]5\.7|connect ECONNREFUSED [^\s]+:(25|465|587|1025|2525)\b|\bEENVELOPE\b/,
    message: 'The mail server refuses the server or is not reached: e-mails are not sent.',
    means: 'The mail server refuses the login or the sender, or is not reached.',
    fix: 'See the five STACK_EMAIL_* variables; providers ask for the sender to be verified.',
    page: 'docs/how-to/storage-mail-webhooks.md',
  },
  {
    id: 'renderer-lacking',
    said: /FREESTYLE|freestyle.*(not set|missing|ECONNREFUSED|ENOTFOUND|fetch failed|401)|Missing environment variable STACK_FREESTYLE/i,
    message: 'Nothing renders e-mails: those with a template are not sent.',
    means: 'The server has no renderer, or does not reach it. E-mails from templates are not sent.',
    fix: 'Turn on stores.renderer, or give it the key of Freestyle.',
    page: 'docs/explanation/renderer.md',
  },
  {
    id: 'database-connections-used-up',
    said: /too many clients already|remaining connection slots are reserved|\b53300\b/,
    message: 'PostgreSQL has no connection left for the server.',
    means: 'PostgreSQL’s connections are used up: each server pod takes 25, and as many more during a rollout.',
    fix: 'Raise max_connections, lower replicas, or put a pooler in session mode between.',
    page: 'docs/how-to/databases.md',
  },
  {
    id: 'trusted-proxy-unknown',
    said: /unknown trusted proxy|needs HEXCLAVE_TRUSTED_PROXY/i,
    message: 'The server does not know what HEXCLAVE_TRUSTED_PROXY says, or wants to be told.',
    means:
      'The image does not know the proxy that HEXCLAVE_TRUSTED_PROXY names and answers with errors, or does not start without one.',
    fix: 'Images before August 2026 know vercel, cloudflare and cloudrun; later ones want generic, or one of those, with an https URL.',
    page: 'docs/explanation/server.md#the-edge',
  },
];

export const serviceChecks: readonly Check[] = complaints.map(({ said, message, component = 'server', ...about }) => ({
  ...about,
  weight: 'problem',
  test: [RECORDED, about.id],
  *look(facts: Facts) {
    const found = linesOf(facts, component).filter((line) => said.test(line));
    if (found.length === 0) return;
    const times = found.length > 1 ? ` It said so ${found.length} times of late.` : '';
    yield {
      object: `the log of the ${component}`,
      message: `${message}${times}`,
      said: found.at(-1)!,
      fix: about.fix,
    };
  },
}));
