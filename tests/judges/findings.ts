/** What a judge has to say against an object. */
export interface Finding {
  readonly tool: Tool;
  /** The judge's own name for what it looks for. */
  readonly check: string;
  /** As kubectl writes it: `Kind/name`, and `Kind.group/name` for a custom resource. */
  readonly object: string;
  readonly message: string;
}

export type Tool = 'kubeconform' | 'kube-score' | 'checkov';

/** What one judge said about the manifests in a folder. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** The objects it looked at, so that a judge that overlooks something is noticed. */
  readonly judged: readonly string[];
}

/** The name of an object in findings. */
export function objectName(apiVersion: string, kind: string, name: string): string {
  const group = apiVersion.split('/').at(-2) ?? '';
  return group.includes('.') && !BUILT_IN.has(group) ? `${kind}.${group}/${name}` : `${kind}/${name}`;
}

/** The groups with a dot that every API server has. */
const BUILT_IN = new Set([
  'admissionregistration.k8s.io',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);
