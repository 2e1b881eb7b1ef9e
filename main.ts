import { join } from 'node:path';
import { manifests } from './charts/hexclave';
import { load } from './cli/load';
import { secretFiles, writeManifests } from './cli/output';
import { report } from './cli/report';
import { refuseTracked } from './cli/tracked';

/**
 * The cdk8s app: every environment of `environments/` into `<outdir>/<name>/`. Environments with errors stop the run
 * before anything is written. `cdk8s synth` empties its output folder first; `cdk8s-hexclave synth` swaps it at the end.
 */
const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
const loaded = load([]);
report(loaded.flatMap((item) => item.findings));

if (loaded.every((item) => item.environment)) {
  const built = loaded.map(({ name, environment }) => ({ folder: join(outdir, name), files: manifests(environment!) }));
  refuseTracked(built.flatMap(({ folder, files }) => secretFiles(files).map((file) => join(folder, file))));
  for (const { folder, files } of built) writeManifests(folder, files);
} else {
  process.exitCode = 1;
}
