import { run } from './cli/index';

/** The cdk8s app, by its sources: `npx tsx main.ts`. cdk8s.yaml starts the same from its bundle, which is quicker. */
process.exitCode = await run(['app']);
