import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Finding } from './findings';

const Exception = z.strictObject({
  tool: z.enum(['kubeconform', 'kube-score', 'checkov']),
  check: z.string().min(1),
  /** As in a finding; a star stands for any characters but a slash. */
  object: z.string().regex(/^[^/]+\/[^/]+$/),
  /** The folders with manifests that it is for. All of them when absent. */
  in: z.array(z.string().min(1)).min(1).optional(),
  /** Why the manifest is right all the same. */
  reason: z.string().min(20),
});

export type Exception = z.infer<typeof Exception>;

/** A finding and the folder with the manifests that it is about. */
export interface Found {
  readonly finding: Finding;
  readonly where: string;
}

/** The findings that are accepted, each with its reason. */
export const exceptions: readonly Exception[] = z
  .array(Exception)
  .parse(parse(readFileSync(new URL('exceptions.yaml', import.meta.url), 'utf8')));

/** The findings that no exception is about. */
export function unexcused(found: readonly Found[], from: readonly Exception[] = exceptions): Finding[] {
  return found.filter((item) => !from.some((exception) => excuses(exception, item))).map(({ finding }) => finding);
}

/** What of an exception matches none of the findings, in words. */
export function unused(exception: Exception, found: readonly Found[]): string[] {
  const matched = found.filter((item) => excuses(exception, item));
  if (matched.length === 0) return ['no finding matches: remove the line'];
  return (exception.in ?? [])
    .filter((name) => !matched.some(({ where }) => where === name))
    .map((name) => `no finding in ${name} matches: remove the name`);
}

function excuses(exception: Exception, { finding, where }: Found): boolean {
  return (
    exception.tool === finding.tool &&
    exception.check === finding.check &&
    (exception.in?.includes(where) ?? true) &&
    pattern(exception.object).test(finding.object)
  );
}

function pattern(object: string): RegExp {
  const literals = object.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literals.join('[^/]*')}$`);
}
