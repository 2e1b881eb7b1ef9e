import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { one } from '../../../cluster/lib/api';
import { apply, get, kubectl } from '../../../cluster/lib/kubectl';
import { eventually } from '../../../cluster/lib/wait';
import { bedFolder, kubeconfig, onNodeNetwork, programs } from '../../lib/programs';
import { API_SERVER, ARGO } from './start-argo';

/** What a test wants otherwise than the example has it. */
export interface ApplicationProps {
  readonly name: string;
  readonly repoURL: string;
  readonly path: string;
  readonly namespace: string;
  /** @default - the example's: ServerSideDiff=true */
  readonly compareOptions?: string;
  /** @default - the example's: ServerSideApply=true */
  readonly syncOptions?: readonly string[];
  /** @default - the example's: both true; null: no automatic sync */
  readonly automated?: { readonly prune: boolean; readonly selfHeal: boolean } | null;
  /** With it, deleting the Application deletes what it has made. @default false */
  readonly cascade?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: what the API server sends has no type here
type Anything = any;

/** examples/argocd/application.yaml for an environment of a test. */
export function application(props: ApplicationProps): Anything {
  const example = parse(readFileSync(new URL('../../../../examples/argocd/application.yaml', import.meta.url), 'utf8'));
  const { metadata, spec } = example;
  metadata.name = props.name;
  spec.source.repoURL = props.repoURL;
  spec.source.path = props.path;
  spec.destination.namespace = props.namespace;
  if (props.compareOptions !== undefined) {
    metadata.annotations['argocd.argoproj.io/compare-options'] = props.compareOptions;
  }
  if (props.syncOptions) spec.syncPolicy.syncOptions = props.syncOptions;
  if (props.automated === null) delete spec.syncPolicy.automated;
  else if (props.automated) spec.syncPolicy.automated = props.automated;
  if (props.cascade) metadata.finalizers = ['resources-finalizer.argocd.argoproj.io'];
  return example;
}

export async function createApplication(props: ApplicationProps): Promise<void> {
  await eventually(`the Application ${props.name}`, () => apply([application(props)]), 180);
}

/** The Application as it stands. */
export function current(name: string): Promise<Anything> {
  return one(ARGO, 'applications', name);
}

/** Waits until an Application is in a state, by its own words. A failure tells what it said last. */
export async function until(
  name: string,
  wanted: { sync?: string; health?: string; revision?: string; phase?: string; message?: RegExp },
  seconds = 400,
): Promise<Anything> {
  return eventually(
    `${name}: ${JSON.stringify({ ...wanted, message: wanted.message?.source })}`,
    async () => {
      const app = await current(name);
      const { sync, health, operationState } = app.status ?? {};
      const holds =
        (!wanted.sync || sync?.status === wanted.sync) &&
        (!wanted.health || health?.status === wanted.health) &&
        (!wanted.revision ||
          (sync?.revision === wanted.revision && operationState?.syncResult?.revision === wanted.revision)) &&
        (!wanted.phase || operationState?.phase === wanted.phase) &&
        (!wanted.message || wanted.message.test(operationState?.message ?? ''));
      if (!holds) throw new Error(summary(app));
      return app;
    },
    seconds,
  );
}

/**
 * Does what an Ingress controller does, of which there is none here: gives every Ingress of a namespace an address. Until
 * then Argo CD takes it for Progressing.
 */
export async function giveAddresses(namespace: string): Promise<void> {
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } });
  for (const { metadata } of (await get('ingresses', '-n', namespace)).items) {
    await kubectl([
      'patch',
      'ingress',
      metadata.name,
      '-n',
      namespace,
      '--subresource=status',
      '--type=merge',
      '-p',
      status,
    ]);
  }
}

/** Waits until an Application is Synced and Healthy at a commit. */
export function settled(name: string, revision?: string, seconds = 400): Promise<Anything> {
  return until(name, { sync: 'Synced', health: 'Healthy', phase: 'Succeeded', revision }, seconds);
}

const REFRESH = 'argocd.argoproj.io/refresh';

/** Tells Argo CD of a commit, as it does by itself when a Git server calls its webhook. */
export async function announce(name: string): Promise<void> {
  await kubectl(['annotate', '-n', ARGO, `application.argoproj.io/${name}`, `${REFRESH}=normal`, '--overwrite']);
}

/** Has Argo CD compare anew, nothing from its caches, and returns what it finds once it could compare. */
export async function refreshed(name: string): Promise<Anything> {
  await kubectl(['annotate', '-n', ARGO, `application.argoproj.io/${name}`, `${REFRESH}=hard`, '--overwrite']);
  return eventually(
    `${name} is refreshed`,
    async () => {
      const app = await current(name);
      const { status } = app.status.sync;
      return app.metadata.annotations?.[REFRESH] === undefined && status !== 'Unknown' && app;
    },
    180,
  );
}

/** Waits until Argo CD has compared twice more by itself, by which time self-heal would have undone something. */
export async function watched(name: string): Promise<void> {
  const seen = new Set<string>();
  await eventually(
    `${name} is compared again`,
    async () => seen.add((await current(name)).status.reconciledAt).size > 2,
    300,
  );
}

/** Changes the Application itself, as a person who edits it. */
export async function edit(name: string, patch: object): Promise<void> {
  const text = JSON.stringify(patch);
  await kubectl(['patch', '-n', ARGO, `application.argoproj.io/${name}`, '--type=merge', '-p', text]);
}

/** What of it is not as in git, or not well, and what Argo CD says to that. */
export function summary(app: Anything): string {
  const { sync, health, operationState, conditions, resources } = app.status ?? {};
  const resource = (r: Anything) =>
    `${r.kind}/${r.name} ${r.status} ${r.health?.status ?? ''} ${r.health?.message ?? ''}`.trim();
  return JSON.stringify(
    {
      sync: sync?.status,
      health: health?.status,
      operation: operationState && `${operationState.phase}: ${operationState.message}`,
      conditions: conditions?.map(({ type, message }: Anything) => `${type}: ${message}`),
      resources: resources
        ?.filter((r: Anything) => r.status !== 'Synced' || (r.health && r.health.status !== 'Healthy'))
        .map(resource),
    },
    null,
    1,
  );
}

/** What Argo CD does not find as in git: `Kind/name`. */
export function outOfSync(app: Anything): string[] {
  return (app.status.resources ?? [])
    .filter(({ status }: Anything) => status !== 'Synced')
    .map(
      ({ kind, name, status, requiresPruning }: Anything) =>
        `${kind}/${name} ${status}${requiresPruning ? ' (to be pruned)' : ''}`,
    );
}

/** Argo CD's command, as a person uses it. */
export async function argocd(suite: string, ...args: string[]): Promise<string> {
  const program = `${await programs(suite)}/argocd`;
  const command = ['env', 'ARGOCD_BINARY_NAME=argocd', `HOME=${bedFolder()}`, `KUBECONFIG=${kubeconfig()}`, program];
  const { code, stdout, stderr } = await onNodeNetwork([...command, '--server', API_SERVER, '--plaintext', ...args], {
    timeout: 1_000_000,
  });
  if (code !== 0) throw new Error(`argocd ${args.join(' ')}: exit ${code}\n${stderr}${stdout}`);
  return stdout;
}
