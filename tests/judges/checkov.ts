import type { Finding, Verdict } from './findings';
import { ask, tools } from './tools';

/**
 * Asks checkov about the security of manifests, without its service on the internet. One folder a run: of several it
 * reports the first one again under the names of the others.
 */
export async function checkov(folder: string): Promise<Verdict> {
  const { results } = (await ask(tools.checkov, [
    ...['--skip-download', '--framework', 'kubernetes', '--output', 'json', '--compact'],
    ...['--directory', folder],
  ])) as { results: Results };
  if (results.parsing_errors.length > 0) throw new Error(`checkov cannot read ${results.parsing_errors.join(', ')}`);
  // What an annotation skips counts too: exceptions stand in exceptions.yaml and nowhere else.
  const failed = [...results.failed_checks, ...results.skipped_checks];
  return { judged: [...results.passed_checks, ...failed].map(nameOf), findings: failed.map(finding) };
}

interface Results {
  readonly passed_checks: readonly Check[];
  readonly failed_checks: readonly Check[];
  readonly skipped_checks: readonly Check[];
  readonly parsing_errors: readonly string[];
}

interface Check {
  readonly check_id: string;
  readonly check_name: string;
  readonly check_result: { readonly evaluated_keys?: readonly string[] };
  /** Kind, namespace and name with dots between; for the pod of a template the name of its owner, and the pod's labels. */
  readonly resource: string;
}

function finding(check: Check): Finding {
  const where = check.check_result.evaluated_keys?.[0];
  const message = where ? `${where}: ${check.check_name}` : check.check_name;
  return { tool: 'checkov', check: check.check_id, object: nameOf(check), message };
}

function nameOf({ resource }: Check): string {
  const [kind, , ...name] = resource.split('.');
  return `${kind}/${kind === 'Pod' ? name[0] : name.join('.')}`;
}
