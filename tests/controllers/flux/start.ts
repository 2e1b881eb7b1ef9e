import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { apply } from '../../cluster/lib/kubectl';
import { applyDefinitions } from '../lib/definitions';
import { startGitServer } from '../lib/git';
import { bedFolder, programs } from '../lib/programs';
import { startController } from './lib/controller';

/** Starts Flux' two controllers with the settings they are delivered with, and a Git server. */
export default async function startFlux(): Promise<void> {
  const storage = join(bedFolder(), 'flux');
  mkdirSync(storage, { recursive: true });
  await Promise.all([
    applyDefinitions(`${await programs('flux')}/crds`),
    apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } }]),
    startGitServer(),
  ]);
  await Promise.all([
    startController('source-controller', 'source-controller', 8390, [
      ...[`--storage-path=${storage}`, '--storage-addr=127.0.0.1:8399', '--storage-adv-addr=127.0.0.1:8399'],
    ]),
    // Not those for which a test starts another one, as Flux has it for sharding.
    startController('kustomize-controller', 'kustomize-controller', 8392, [
      '--watch-label-selector=!sharding.fluxcd.io/key',
    ]),
  ]);
}
