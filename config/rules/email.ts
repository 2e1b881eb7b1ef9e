import type { Draft, Rule } from '../draft';
import { absent, present, withVariable } from './read';

/** What e-mail needs beyond a mail server. */
export const email: readonly Rule[] = [
  {
    id: 'freestyle-missing',
    severity: 'warning',
    summary: 'E-mail is configured and Freestyle is not.',
    *check(draft) {
      if (!sendsMail(draft) || !absent(draft, 'STACK_FREESTYLE_API_KEY')) return;
      yield withVariable(
        draft,
        'STACK_FREESTYLE_API_KEY',
        'warning',
        'Every e-mail is rendered through Freestyle, not only custom ones as the vendor’s guide has it; without the key none is sent.',
        'Add the key of a Freestyle account.',
      );
    },
  },
  {
    id: 'sandbox-token-missing',
    severity: 'warning',
    summary: 'E-mail is configured and the second renderer’s token is not.',
    *check(draft) {
      if (!sendsMail(draft) || !absent(draft, 'STACK_VERCEL_SANDBOX_TOKEN')) return;
      yield withVariable(
        draft,
        'STACK_VERCEL_SANDBOX_TOKEN',
        'warning',
        'Images of spring 2026 read this token before they render anything, and without it every e-mail stays unrendered.',
        'Add a Vercel token; any other text will do as long as Freestyle works.',
      );
    },
  },
  {
    id: 'emailable-missing',
    severity: 'warning',
    summary: 'E-mail is configured, and nothing says whether addresses are checked.',
    *check(draft) {
      if (!sendsMail(draft) || !absent(draft, 'STACK_EMAILABLE_API_KEY')) return;
      yield withVariable(
        draft,
        'STACK_EMAILABLE_API_KEY',
        'warning',
        'Without it every e-mail logs an error, which the server keeps in memory.',
        'Add a key of Emailable, or the word disable_email_validation.',
      );
    },
  },
];

function sendsMail(draft: Draft): boolean {
  return ['STACK_EMAIL_HOST', 'STACK_EMAIL_PASSWORD', 'STACK_EMAIL_SENDER'].some((name) => present(draft, name));
}
