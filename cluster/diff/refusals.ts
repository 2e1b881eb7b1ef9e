import type { Document } from '../../charts/documents';
import { groupOf, mendMissing } from '../definitions';

/** What the API server refuses, and what to do about it. */
interface Refusal {
  readonly said: RegExp;
  readonly fix: (object: Document) => string;
}

/** What to do about a refusal, in the API server's words. */
export function mendRefusal(object: Document, said: string): string {
  return refusals.find((refusal) => refusal.said.test(said))?.fix(object) ?? 'Mend what it says and compare again.';
}

/** Whether it is the user who may not ask, and nothing wrong with the object. */
export function isDenied(said: string): boolean {
  return /is forbidden: User .* cannot (get|patch|create)/.test(said);
}

const refusals: readonly Refusal[] = [
  {
    said: /updates to statefulset spec for fields other than/,
    fix: ({ metadata: { name, namespace } }) =>
      `Let it be made anew around its pods and volumes: kubectl delete statefulset ${name} -n ${namespace} --cascade=orphan, then apply. A claim that is there keeps its size; grow it with kubectl edit pvc.`,
  },
  {
    said: /spec\.selector: .*field is immutable/,
    fix: ({ kind, metadata: { name, namespace } }) =>
      `A selector cannot be changed: another environment owns it, or the folder was renamed (docs/how-to/upgrade.md). To make it anew, with an outage: kubectl delete ${kind.toLowerCase()} ${name} -n ${namespace}, then apply.`,
  },
  {
    said: /field is immutable/,
    fix: ({ kind, metadata: { name, namespace } }) =>
      kind === 'Job'
        ? `A Job cannot be changed. If it is not running, delete it and apply: kubectl delete job ${name} -n ${namespace}.`
        : `It cannot be changed, only made anew: kubectl delete ${kind.toLowerCase()} ${name} -n ${namespace}, then apply.`,
  },
  {
    said: /no matches for kind/,
    fix: ({ apiVersion }) => `The cluster does not know ${apiVersion}. ${mendMissing(groupOf(apiVersion))}`,
  },
  {
    said: /is forbidden: User .* cannot/,
    fix: ({ kind, metadata: { namespace } }) =>
      `Ask for the right to get and patch ${kind} in ${namespace}; what an apply would do is asked by the same request.`,
  },
  {
    said: /admission webhook|ValidatingAdmissionPolicy/,
    fix: () => 'A policy of the cluster refuses it; whoever runs the cluster knows it by the name that it says.',
  },
  {
    said: /namespaces "[^"]*" not found/,
    fix: ({ metadata: { namespace } }) => `Make the namespace: kubectl create namespace ${namespace}.`,
  },
  {
    said: /strict decoding error|unknown field/,
    fix: ({ apiVersion, kind }) => `The cluster knows another version of ${kind} than ${apiVersion} as it is written.`,
  },
];
