import { type Kind, type Variable, variable } from '../contract';
import type { Rule } from '../draft';
import { isHost } from '../hosts';
import { parseUrl } from '../parse-url';
import { knownValues, withLine } from './read';
import { brokenHttpUrl } from './url-parts';

/** What is wrong with a value, without a word of it. */
interface Problem {
  readonly message: string;
  readonly fix: string;
}

interface Form {
  /** The rule that finds what is none. */
  readonly id: string;
  readonly summary: string;
  problem(value: string, about: Variable): Problem | undefined;
}

/** The form of every kind of value; undefined for kinds that a rule of their own judges, or where any text goes. */
const forms: Readonly<Record<Kind, Form | undefined>> = {
  origin: undefined,
  'postgres-url': undefined,
  choice: undefined,
  base64url: undefined,
  text: undefined,
  boolean: form('boolean-literal', 'A switch is neither true nor false.', {
    good: (value) => value === 'true' || value === 'false',
    message: 'The server knows only the words true and false; anything else counts as false or makes requests fail.',
    fix: 'Write true or false.',
  }),
  integer: form('integer-value', 'A number is not a whole number from 1 on.', {
    good: (value) => /^[1-9]\d{0,14}$/.test(value),
    message: 'The server needs a whole number from 1 on and fails when it reads anything else.',
    fix: 'Write digits alone, without unit or separator.',
  }),
  port: form('port-value', 'A port is not a number from 1 to 65535.', {
    good: (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65535,
    message: 'This is no port, so nothing could be connected to.',
    fix: 'Write a number from 1 to 65535.',
  }),
  host: {
    id: 'host-value',
    summary: 'A host is more than a host, or none.',
    problem(value, { name }) {
      if (isHost(value)) return undefined;
      const host = 'Write the host alone, such as smtp.your-company.com.';
      if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
        return {
          message: 'This is a URL, and only its host belongs here: it would be looked up as a name.',
          fix: host,
        };
      }
      if (value.includes('@'))
        return { message: 'There is an @ in it: a user or an e-mail address is no host.', fix: host };
      if (/:\d*\/*$/.test(value)) {
        const port = name.replace(/HOST$/, 'PORT');
        const place = variable(port) ? ` and the port into ${port}` : '';
        return {
          message: 'A port stands behind the host, and the two would be looked up as one name.',
          fix: `Write the host alone here${place}.`,
        };
      }
      if (value.includes('/')) return { message: 'There is a slash in it, and no host has one.', fix: host };
      if (/[,;]/.test(value)) return { message: 'This is a list, and the server knows one host.', fix: host };
      if (/\s/.test(value)) return { message: 'There is a blank in it, and no host has one.', fix: host };
      return {
        message: 'This is neither a DNS name nor an address: names have letters, digits, dashes and dots.',
        fix: value.includes('_')
          ? `${host} A Service of Kubernetes cannot have an underscore as containers in compose can.`
          : host,
      };
    },
  },
  url: form(
    'url-value',
    'A URL is not an absolute http or https URL, or holds what no client can decode.',
    brokenHttpUrl,
  ),
  endpoint: {
    id: 'endpoint-value',
    summary: 'The address of an API is more than scheme, host and port.',
    problem(value) {
      const broken = brokenHttpUrl(value);
      if (broken) return broken;
      const url = parseUrl(value)!;
      if (url.username !== '' || url.password !== '') {
        return {
          message: 'There is a user or a password in it, and requests are signed with keys instead.',
          fix: 'Write the keys into the variables for them.',
        };
      }
      if (url.pathname === '/' && url.search === '' && url.hash === '') return undefined;
      return {
        message:
          'Something follows the host: the client puts its own path there, so with a bucket or a path in it every request would miss.',
        fix: 'Write scheme, host and port alone; a bucket has a variable of its own.',
      };
    },
  },
  uri: form('uri-value', 'A URL has no scheme or no host.', {
    good: (value) => Boolean(parseUrl(value)?.host) && !/\s/.test(value),
    message: 'This is not an absolute URL, so it cannot be connected to.',
    fix: 'Write the scheme too, such as https:// or wss://.',
  }),
  'sentry-dsn': form('sentry-dsn-value', 'A DSN of Sentry is not one.', {
    good: (value) => {
      const url = parseUrl(value);
      return (
        url !== undefined && /^https?:$/.test(url.protocol) && url.username !== '' && /\/\d+\/?$/.test(url.pathname)
      );
    },
    message: 'Sentry reads a DSN as key, host and number of the project, and sends nothing with this one.',
    fix: 'Copy the DSN from the project’s settings: https://<key>@<host>/<number>.',
  }),
  email: form('email-value', 'An e-mail address is not one.', {
    good: isEmail,
    message:
      'This is not a bare e-mail address: mail with it is refused, and a first administrator with it can never sign in.',
    fix: 'Write one address such as admin@your-company.com, without a name or angle brackets.',
  }),
  emails: form('emails-value', 'A list of e-mail addresses holds something else.', {
    good: (value) => value.split(',').every((part) => isEmail(part.trim())),
    message: 'One of the addresses is none, and mail to it is refused.',
    fix: 'Write bare addresses with a comma between them.',
  }),
  duration: form('duration-value', 'A duration is not one.', {
    good: (value) =>
      /^\d+(\.\d+)? ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|yrs?|years?)$/i.test(value),
    message: 'The token library does not understand this span of time, so no token could be issued.',
    fix: 'Write a number and a unit, such as 10min or 1h.',
  }),
  json: form('json-value', 'A JSON value does not parse.', {
    good: isJson,
    message: 'The server parses this as JSON and fails.',
    fix: 'Write JSON on one line, without quotes around the whole.',
  }),
  path: form('path-value', 'A path is not an absolute one.', {
    good: (value) => /^\/[^\0]*$/.test(value),
    message: 'This is no absolute path, and the working directory of the server is none of yours.',
    fix: 'Write the path from the root on, beginning with a slash.',
  }),
  words: form('words-value', 'A list of words has blanks or empty places in it.', {
    good: (value) => value.split(',').every((part) => /^[\w-]+$/.test(part)),
    message: 'The server splits the list at its commas and compares the words letter by letter.',
    fix: 'Write the words with a comma between them and no blanks.',
  }),
  bucket: form('bucket-value', 'The name of a bucket is none.', {
    good: (value) => /^[A-Za-z0-9][\w.-]{2,254}$/.test(value),
    message:
      'No bucket can have this name: it has at least three letters, digits, dashes and dots, and neither slash nor scheme.',
    fix: 'Write the name alone; where the bucket is says STACK_S3_ENDPOINT.',
  }),
  arn: form('arn-value', 'The ARN of a role is none.', {
    good: (value) => /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(value),
    message: 'This is not the ARN of a role, so it cannot be assumed.',
    fix: 'Write it as AWS shows it: arn:aws:iam::<account>:role/<name>.',
  }),
  headers: form('headers-value', 'Headers are not name=value pairs.', {
    good: (value) => value.split(',').every((pair) => /^\s*[\w!#$%&'*+.^`|~-]+\s*=/.test(pair)),
    message: 'OpenTelemetry reads headers as name=value pairs with commas between them, and leaves out what is none.',
    fix: 'Write an equals sign in place of a colon, such as authorization=Bearer%20<token>.',
  }),
  token: form('token-value', 'A key or token holds a blank or a character that none has.', {
    good: (value) => /^[\x21-\x7e]+$/.test(value),
    message:
      'There is a blank or a character outside ASCII in it, which no key or token has; its service would refuse it.',
    fix: 'Copy the value again, without what stands around it.',
  }),
  name: form('name-value', 'A name or id holds a blank.', {
    good: (value) => !/[\s\0]/.test(value),
    message: 'There is a blank in it, which no such name or id has.',
    fix: 'Copy the value again, without what stands around it.',
  }),
  password: form('password-value', 'A password has several lines.', {
    good: (value) => !/[\r\n\0]/.test(value.trimEnd()),
    message: 'The password has several lines, and the server hands it on as it is.',
    fix: 'Write it on one line.',
  }),
};

/** The form of single values, by the kind that the contract gives their variable. */
export const formRules: readonly Rule[] = Object.entries(forms).flatMap(([kind, of]) =>
  of
    ? [
        {
          id: of.id,
          severity: 'error',
          summary: of.summary,
          *check(draft) {
            for (const { item, value } of knownValues(draft)) {
              const about = variable(item.name)!;
              const found = about.kind === kind && !about.owner && !OWN_RULE.has(item.name) && of.problem(value, about);
              if (found) yield withLine(item, 'error', found.message, found.fix);
            }
          },
        },
      ]
    : [],
);

/** Judged by `header-secret-characters`, which knows where they go. */
const OWN_RULE: ReadonlySet<string> = new Set([
  'CRON_SECRET',
  ...['PUBLISHABLE_CLIENT', 'SECRET_SERVER', 'SUPER_SECRET_ADMIN'].map(
    (key) => `STACK_SEED_INTERNAL_PROJECT_${key}_KEY`,
  ),
]);

function form(
  id: string,
  summary: string,
  of: ({ good(value: string): boolean } & Problem) | ((value: string) => Problem | undefined),
): Form {
  if (typeof of === 'function') return { id, summary, problem: of };
  const { good, message, fix } = of;
  return { id, summary, problem: (value) => (good(value) ? undefined : { message, fix }) };
}

function isEmail(value: string): boolean {
  return value.length <= 254 && EMAIL.test(value);
}

const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/i;

/** Whether a text is JSON. */
export function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
