import { canonicalName, variable } from '../contract';
import type { Draft, Issue } from '../draft';
import type { Finding, RuleFacts } from '../finding';
import { nearest } from '../nearest';
import { parseUrl } from '../parse-url';
import { fileRules } from '../reading-rules';
import { rotationIn } from '../rotation';
import type { Settings } from '../settings';
import { withSetting } from './read';

/** An issue with the rule that found it. */
export interface Judged extends Issue {
  readonly rule: string;
}

/** What is found about the entries of `accept` themselves. */
export const acceptRules = {
  'accept-unknown': { severity: 'error', summary: 'An entry of accept names a rule that there is not.' },
  'accept-refused': {
    severity: 'error',
    summary: 'An entry of accept is for what Kubernetes refuses, or what no manifest can be made from.',
  },
  'accept-unused': { severity: 'warning', summary: 'An entry of accept matches no finding.' },
} as const satisfies Record<string, RuleFacts>;

/** Makes warnings of what the user accepts, and says what is wrong with the entries. */
export function accepting(draft: Draft, found: readonly Judged[], ids: readonly string[]): Judged[] {
  const { accept } = draft.settings;
  if (accept.length === 0) return [...found];
  const entries = accept.map((entry, index) => ({ ...entry, index, problem: problemOf(draft, entry, index, ids) }));
  const used = new Set<number>();
  const refused = new Set<number>();
  const judged = found.map((issue) => {
    const entry = entries.find((candidate) => !candidate.problem && matches(candidate, issue));
    if (!entry) return issue;
    used.add(entry.index);
    if (issue.severity === 'error' && leavesNothing(draft, issue)) {
      refused.add(entry.index);
      return issue;
    }
    return acceptedIssue(draft, issue, entry.reason);
  });
  const about = entries.flatMap(({ index, rule, problem }): Judged[] => {
    if (problem) return [problem];
    if (refused.has(index)) return [finding('accept-refused', draft, index, REFUSED, MEND)];
    if (used.has(index) || (rule === OF_PATCHES && draft.settings.patches.length > 0)) return [];
    const { message, fix } = acceptUnused(rule);
    return [finding('accept-unused', draft, index, message, fix)];
  });
  return [...judged, ...about];
}

/** What the API server or the kubelet refuses, or what leaves the manifests without something that they are made of. */
export const NEVER_ACCEPTED: ReadonlySet<string> = new Set([
  ...['variable-name', 'value-too-long', 'values-too-big', 'replicas-range', 'resources-range', 'maintenance-name'],
  ...['public-host-name', 'image-repository', 'pods-service-account', 'pods-credential', 'sealed-for-elsewhere'],
  ...['host-unknown', 'owned-variable', 'secret-held-twice', 'secret-not-for-secrets', 'secret-in-config'],
  ...['secret-looking-in-config', 'credential-in-config', 'variable-twice', 'external-place-missing'],
  ...['store-sets-variable', 'store-secret-missing', 'store-secret-elsewhere', 'svix-needs-postgres'],
  ...['extra-object', 'extra-namespace', 'extra-secret', 'extra-pod-security'],
  ...['edge-tls-missing', 'edge-tls-unfit', 'edge-preset-type', 'edge-gateway', 'ingress-namespace-unfit'],
]);

/** What is found in the finished objects (charts/patches.ts), and may be accepted as what is found in the files. */
const OF_PATCHES = 'patch-breaks-promise';

/** What is said of an entry for a rule that finds nothing. */
export function acceptUnused(rule: string): Pick<Finding, 'message' | 'fix'> {
  const message = `Nothing is found that this entry is for (${rule}); it would hide the next such finding unseen.`;
  return { message, fix: 'Remove the entry.' };
}

type Entry = Settings['accept'][number];

const REFUSED =
  'This cannot be accepted: Kubernetes refuses what comes of it, a secret would be given away, or no manifest can be made.';
const MEND = 'Remove the entry, and mend what the finding says.';

/** What is wrong with an entry whatever is found. */
function problemOf(draft: Draft, { rule }: Entry, index: number, ids: readonly string[]): Judged | undefined {
  if (NEVER_ACCEPTED.has(rule) || Object.hasOwn(fileRules, rule)) {
    return finding('accept-refused', draft, index, REFUSED, MEND);
  }
  if (rule === OF_PATCHES || ids.includes(rule)) return undefined;
  const near = nearest(rule, [...ids, OF_PATCHES]);
  const fix = near
    ? `Write ${near}, or remove the entry.`
    : 'Remove the entry; docs/reference/rules.md has every rule.';
  return finding('accept-unknown', draft, index, 'There is no such rule, so the entry has no effect.', fix);
}

function finding(rule: keyof typeof acceptRules, draft: Draft, index: number, message: string, fix: string): Judged {
  return { rule, ...withSetting(draft, `accept.${index}`, acceptRules[rule].severity, message, fix) };
}

function matches(entry: Entry, { rule, about, field }: Judged): boolean {
  if (entry.rule !== rule) return false;
  return entry.variable === undefined || (about ?? field) === canonicalName(entry.variable) || field === entry.variable;
}

/** The two public hosts are in Ingresses, routes and Services' names: without them there is nothing to write. */
function leavesNothing(draft: Draft, { about }: Judged): boolean {
  return about !== undefined && PUBLIC.has(about) && parseUrl(draft.values.get(about)?.value ?? '') === undefined;
}

const PUBLIC: ReadonlySet<string> = new Set(['NEXT_PUBLIC_STACK_API_URL', 'NEXT_PUBLIC_STACK_DASHBOARD_URL']);

/** What is found, and why it is accepted. */
export function withReason(message: string, reason: string): string {
  return `${message} Accepted: ${reason.replace(/[.!\s]*$/, '.')}`;
}

function acceptedIssue(draft: Draft, issue: Judged, reason: string): Judged {
  const accepted = withReason(issue.message, reason);
  const name = issue.about;
  if (name === undefined || !variable(name)?.secret) return { ...issue, severity: 'warning', message: accepted };
  return {
    ...issue,
    severity: 'warning',
    message: `${accepted} What a new value would break: ${rotationIn(draft, name).breaks}`,
    fix: `When that can be borne, npx cdk8s-hexclave rotate ${draft.name} ${name} says what to do; then remove the entry under accept.`,
  };
}
