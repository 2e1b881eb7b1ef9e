import type { Rule } from '../draft';
import { isInternal, isLoopback } from '../hosts';
import { absent, known, knownUrl, present, withSetting, withVariable } from './read';

/** Services the server calls: webhooks, sync and telemetry. */
export const services: readonly Rule[] = [
  {
    id: 'svix-missing',
    severity: 'warning',
    summary: 'Svix is not configured.',
    *check(draft) {
      if (!absent(draft, 'STACK_SVIX_API_KEY')) return;
      yield withVariable(
        draft,
        'STACK_SVIX_API_KEY',
        'warning',
        'Webhooks do not work, and every change of a user or team logs an error that the server keeps in memory until it restarts.',
        'Add the key of Svix Cloud or of a Svix of your own.',
      );
    },
  },
  {
    id: 'svix-public-url',
    severity: 'warning',
    summary: 'Browsers are given an address of Svix that only the cluster knows.',
    *check(draft) {
      const url = knownUrl(draft, 'STACK_SVIX_SERVER_URL');
      if (!url || !isInternal(url.hostname) || !absent(draft, 'NEXT_PUBLIC_STACK_SVIX_SERVER_URL')) return;
      yield withVariable(
        draft,
        'NEXT_PUBLIC_STACK_SVIX_SERVER_URL',
        'warning',
        'The dashboard’s webhook page calls Svix from the browser, where the name in STACK_SVIX_SERVER_URL leads nowhere.',
        'Set it to the URL under which browsers reach the same Svix.',
      );
    },
  },
  {
    id: 'qstash-callback',
    severity: 'warning',
    summary: 'QStash runs where it cannot call the server back.',
    *check(draft) {
      const url = knownUrl(draft, 'STACK_QSTASH_URL');
      if (!url || isLoopback(url.hostname)) return;
      yield withVariable(
        draft,
        'STACK_QSTASH_URL',
        'warning',
        'The image makes QStash call back http://localhost:8102, which is the server only from inside its own pod; QStash Cloud cannot work, and no data is synced.',
        'Remove the QStash variables, and sync stays off: docs/explanation/external-database-sync.md says why and what is left.',
      );
    },
  },
  {
    id: 'poller-without-qstash',
    severity: 'warning',
    summary: 'The sync poller is switched on without QStash.',
    *check(draft) {
      if (draft.settings.maintenance.poller !== true || !absent(draft, 'STACK_QSTASH_URL')) return;
      yield withSetting(
        draft,
        'maintenance.poller',
        'warning',
        'Without QStash every round of the poller, twenty a second, logs an error that the server keeps in memory until it is killed.',
        'Remove the field: the poller then runs once QStash is configured.',
      );
    },
  },
  {
    id: 'telemetry-default',
    severity: 'warning',
    summary: 'Telemetry goes to the vendor.',
    *check(draft) {
      const key = known(draft, 'NEXT_PUBLIC_POSTHOG_KEY');
      const recordings = !present(draft, 'NEXT_PUBLIC_POSTHOG_KEY');
      // Browsers take up to five characters for "off"; the API takes them for a key.
      const events = !present(draft, 'CI') && (recordings || (key !== undefined && key.length <= 5));
      if (events) {
        yield withVariable(
          draft,
          'CI',
          'warning',
          recordings
            ? 'While it and NEXT_PUBLIC_POSTHOG_KEY are unset, the API posts its events to the vendor’s PostHog.'
            : 'While it is unset, the API takes that value of NEXT_PUBLIC_POSTHOG_KEY for a key and posts its events to PostHog.',
          'Write CI=true, or give NEXT_PUBLIC_POSTHOG_KEY the key of a project of your own.',
        );
      }
      if (recordings) {
        yield withVariable(
          draft,
          'NEXT_PUBLIC_POSTHOG_KEY',
          'warning',
          'While it is unset, recordings of dashboard sessions go to the vendor’s PostHog.',
          'Set it to none, or to the key of a project of your own.',
        );
      }
    },
  },
  {
    id: 'keep-alive-short',
    severity: 'warning',
    summary: 'Idle connections are closed earlier than proxies expect.',
    *check(draft) {
      const value = known(draft, 'KEEP_ALIVE_TIMEOUT');
      if (value === undefined || !/^\d+$/.test(value) || Number(value) > 60_000) return;
      yield withVariable(
        draft,
        'KEEP_ALIVE_TIMEOUT',
        'warning',
        'Ingress controllers keep idle connections for 60 seconds; a request on one that the server is just closing fails.',
        'Write 75000, or remove the variable: the manifests set that.',
      );
    },
  },
];
