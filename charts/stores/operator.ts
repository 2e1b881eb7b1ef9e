/**
 * On the objects that operators act on. Argo CD's dry run would fail before the operator's definitions are there, and
 * pruning such an object, or deleting its Application, would take the database with it: that is for a person to decide.
 */
export const KEPT: Record<string, string> = {
  'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true,Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};
