import { applyReducedDefinitions } from '../../cluster/fixtures/definitions';
import { startArgo } from './lib/start-argo';

/** The definitions first: of kinds that come later Argo CD knows no schema for a minute, and cannot compare them. */
export default async function start(): Promise<void> {
  await applyReducedDefinitions();
  await startArgo('argocd');
}
