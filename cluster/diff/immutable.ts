import type { Document } from '../../charts/documents';
import { changedFields, type Field } from './fields';

/** The fields that the API server lets nobody change, by kind. Of an object that is gone and made anew they can be others. */
const IMMUTABLE: Readonly<Record<string, RegExp>> = {
  Deployment: /^spec\.selector/,
  StatefulSet:
    /^spec\.(?!(replicas|template|updateStrategy|persistentVolumeClaimRetentionPolicy|minReadySeconds|ordinals|revisionHistoryLimit)(\W|$))/,
  Job: /^spec\.(template|selector|completions|completionMode|podFailurePolicy|podReplacementPolicy|backoffLimitPerIndex|manualSelector)/,
  PersistentVolumeClaim: /^spec\.(?!resources)/,
  Service: /^spec\.(clusterIPs?|ipFamilies)(\W|$)/,
  Secret: /^type$/,
  RoleBinding: /^roleRef/,
};

/** What of an object cannot become what it is to be. */
export function immutableChanges(before: Document, after: Document): Field[] {
  const form = IMMUTABLE[after.kind];
  return form ? changedFields(before, after).filter(({ path }) => form.test(path)) : [];
}
