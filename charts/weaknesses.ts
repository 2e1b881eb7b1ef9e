import { containersOf, type Document, podTemplatesOf } from './documents';

/** What of the hardening the pods of an object lack: Pod Security `restricted`, a read-only root, no token. */
export function weaknesses(document: Document): string[] {
  return podTemplatesOf(document).flatMap(({ spec }) => [
    ...ofPod(spec),
    ...containersOf({ spec }).flatMap((container) =>
      ofContainer(container, spec.securityContext ?? {}).map((weakness) => `${container.name}: ${weakness}`),
    ),
  ]);
}

function ofPod(spec: Document): string[] {
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'].filter((field) => spec[field]),
    ...(spec.volumes ?? []).filter(({ hostPath }: Document) => hostPath).map(() => 'hostPath'),
    ...(spec.automountServiceAccountToken === false ? [] : ['a token']),
    ...(spec.enableServiceLinks === false ? [] : ['service links']),
  ];
}

function ofContainer({ securityContext: own = {}, ports = [] }: Document, pod: Document): string[] {
  const profile = (own.seccompProfile ?? pod.seccompProfile)?.type;
  const lacks: Record<string, boolean> = {
    'runs as root': (own.runAsNonRoot ?? pod.runAsNonRoot) !== true || (own.runAsUser ?? pod.runAsUser) === 0,
    'may gain privileges': own.allowPrivilegeEscalation !== false || own.privileged === true,
    'has capabilities': !own.capabilities?.drop?.includes('ALL') || (own.capabilities.add ?? []).length > 0,
    'has no seccomp profile': profile !== 'RuntimeDefault' && profile !== 'Localhost',
    'has a writable root': own.readOnlyRootFilesystem !== true,
    'takes a port of the node': ports.some(({ hostPort }: Document) => hostPort !== undefined),
  };
  return Object.keys(lacks).filter((name) => lacks[name]);
}
