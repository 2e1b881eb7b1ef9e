import { join } from 'node:path';
import { manifests } from './charts/hexclave';
import { writeManifests } from './cli/output';
import { report } from './cli/report';
import { environmentNames, loadEnvironment } from './config/load';

/**
 * The cdk8s app: every environment of `environments/` into `<outdir>/<name>/`. Environments with errors stop the run
 * before anything is written. `cdk8s synth` empties its output folder first; `cdk8s-hexclave synth` swaps it at the end.
 */
const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
const loaded = environmentNames('environments').map((name) => loadEnvironment(join('environments', name)));
report(loaded.flatMap((item) => item.findings));

if (loaded.every((item) => item.environment)) {
  for (const { name, environment } of loaded) writeManifests(join(outdir, name), manifests(environment!));
} else {
  process.exitCode = 1;
}
