import { join } from '../config/paths';
import { buildAll } from './build';
import { load } from './load';
import { secretFiles, writeManifests } from './output';
import { report } from './report';
import { refuseTracked } from './tracked';

/**
 * The cdk8s app: every environment of `environments/` into `<outdir>/<name>/`. Environments with errors stop the run
 * before anything is written. `cdk8s synth` empties its output folder first; `cdk8s-hexclave synth` swaps it at the end.
 */
export function app(): number {
  const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
  const loaded = buildAll(load([]));
  report(loaded.flatMap((item) => item.findings));
  if (!loaded.every((item) => item.built)) return 1;
  const written = loaded.map(({ name, built }) => ({ folder: join(outdir, name), files: built!.files }));
  refuseTracked(written.flatMap(({ folder, files }) => secretFiles(files).map((file) => join(folder, file))));
  for (const { folder, files } of written) writeManifests(folder, files);
  return 0;
}
