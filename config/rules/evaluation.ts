import type { Rule } from '../draft';
import { publicBucketHost, SEAWEEDFS } from '../stores/seaweedfs';
import { isForwarded } from './reach';
import { absent, known, knownUrl, withSetting, withVariable } from './read';

/** What Mailpit, SeaweedFS and Svix in the namespace need, and an evaluation that is reached through localhost. */
export const evaluation: readonly Rule[] = [
  {
    id: 'svix-needs-postgres',
    severity: 'error',
    summary: 'Svix runs in the namespace and PostgreSQL does not.',
    *check(draft) {
      const { webhooks, postgres } = draft.settings.stores;
      if (webhooks.mode !== 'svix' || postgres.mode === 'bundled') return;
      yield withSetting(
        draft,
        'stores.webhooks.mode',
        'error',
        'Svix in the namespace keeps its data in a database of its own on the bundled PostgreSQL, and there is none.',
        'Write stores.postgres.mode: bundled, or use Svix Cloud or a Svix of yours with stores.webhooks.mode: external.',
      );
    },
  },
  {
    id: 'store-secret-form',
    severity: 'error',
    summary: 'A secret of a store in the namespace has a form that the store reads as something else.',
    *check(draft) {
      for (const { secrets } of draft.provisions) {
        for (const name of secrets) {
          const value = known(draft, name);
          const form = FORMS[name];
          if (value === undefined || !form || form.pattern.test(value)) continue;
          yield withVariable(draft, name, 'error', form.harm, 'Write what this prints: openssl rand -hex 32');
        }
      }
    },
  },
  {
    id: 's3-public-url',
    severity: 'depends',
    summary: 'Browsers are not told where the bucket in the namespace is, or are told another bucket.',
    *check(draft) {
      if (draft.settings.stores.s3.mode !== 'seaweedfs') return;
      const { bucket } = SEAWEEDFS;
      const url = knownUrl(draft, PUBLIC_ENDPOINT);
      if (absent(draft, PUBLIC_ENDPOINT)) {
        yield withVariable(
          draft,
          PUBLIC_ENDPOINT,
          'warning',
          'Images get addresses with the Service’s name, which leads nowhere in a browser.',
          `Set it to the URL under which browsers reach the Service, with /${bucket} behind it.`,
        );
      } else if (url && url.pathname !== `/${bucket}`) {
        yield withVariable(
          draft,
          PUBLIC_ENDPOINT,
          'error',
          `The path of an object is put behind this URL, and the bucket is called ${bucket}.`,
          `Let the URL end with /${bucket}.`,
        );
      }
    },
  },
  {
    id: 's3-public-certificate',
    severity: 'error',
    summary: 'The host of the bucket in the namespace gets an Ingress without a certificate.',
    *check(draft) {
      const { tls } = draft.settings.edge;
      if (!publicBucketHost(draft.settings, known(draft, PUBLIC_ENDPOINT))) return;
      if (!tls || !('secrets' in tls) || tls.secrets.s3) return;
      yield withSetting(
        draft,
        'edge.tls.secrets',
        'error',
        'The host of STACK_S3_PUBLIC_ENDPOINT has no TLS Secret here, so browsers would be shown a certificate of somebody else.',
        'Add s3: with the name of its TLS Secret.',
      );
    },
  },
  {
    id: 's3-public-route',
    severity: 'warning',
    summary: 'Nothing leads from the public URL of the bucket in the namespace to its Service.',
    *check(draft) {
      const { stores, edge } = draft.settings;
      if (stores.s3.mode !== 'seaweedfs' || edge.type === 'none') return;
      const url = known(draft, PUBLIC_ENDPOINT);
      if (knownUrl(draft, PUBLIC_ENDPOINT)?.protocol !== 'https:' || publicBucketHost(draft.settings, url)) return;
      yield withVariable(
        draft,
        PUBLIC_ENDPOINT,
        'warning',
        'No Route, HTTPRoute or Ingress for GKE is made for this host, only an Ingress for other controllers.',
        `Route the host’s path /${SEAWEEDFS.bucket} to port ${SEAWEEDFS.port} of the Service ${SEAWEEDFS.name} yourself.`,
      );
    },
  },
  {
    id: 'localhost-refused',
    severity: 'error',
    summary: 'The dashboard is on localhost, and its project does not accept that.',
    *check(draft) {
      const host = knownUrl(draft, 'NEXT_PUBLIC_STACK_DASHBOARD_URL')?.hostname ?? '';
      // Elsewhere localhost is no host for a dashboard at all.
      if (!isForwarded(draft, host)) return;
      if (known(draft, ALLOW_LOCALHOST) === 'true') return;
      yield withVariable(
        draft,
        ALLOW_LOCALHOST,
        'error',
        'The seed makes every dashboard URL a trusted domain but one on localhost, so signing in ends in a refused redirect.',
        `Write ${ALLOW_LOCALHOST}=true.`,
      );
    },
  },
];

const PUBLIC_ENDPOINT = 'STACK_S3_PUBLIC_ENDPOINT';
const ALLOW_LOCALHOST = 'STACK_SEED_INTERNAL_PROJECT_ALLOW_LOCALHOST';

const FORMS: Readonly<Record<string, { readonly pattern: RegExp; readonly harm: string }>> = {
  STACK_EMAIL_PASSWORD: {
    pattern: /^[A-Za-z0-9_-]+$/,
    harm: 'Mailpit takes a blank for the end of the password, and some characters for a hash.',
  },
  SVIX_JWT_SECRET: {
    pattern: /^(?!\d+(e\d+)?$)[A-Za-z0-9_-]{32,}$/i,
    harm: 'Svix reads digits alone as a number and brackets as a list, and fewer than 32 characters can be guessed.',
  },
  SVIX_DATABASE_PASSWORD: {
    pattern: /^[\x20-\x7e]+$/,
    harm: 'PostgreSQL normalises characters outside printable ASCII before it hashes them, and Svix does not: it would be refused.',
  },
  STACK_S3_ACCESS_KEY_ID: {
    pattern: /^\w{3,128}$/,
    harm: 'The id stands in headers and addresses, where other characters than letters and digits mean something.',
  },
};
