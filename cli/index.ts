import { asFailure, Failure } from './failure';
import { err, paint } from './terminal';

/**
 * Runs the command of these arguments and returns its exit code: 0 done, 1 the input has errors or the machine refuses,
 * 2 wrong usage. What a command does not need is not loaded for it.
 */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    // Started by `cdk8s synth`, see cdk8s.yaml.
    if (argv[0] === 'app') return (await import('./app')).app();
    // The most frequent command in its simplest form needs no parser.
    if (argv[0] === 'synth' && argv.slice(1).every((word) => !word.startsWith('-'))) {
      return (await import('./synth')).synth(argv.slice(1));
    }
    return await (await import('./program')).parse(argv);
  } catch (error) {
    const failure = asFailure(error);
    if (!(failure instanceof Failure)) throw failure;
    err(`${paint(2, 'red', 'error')}  ${failure.message}\n${failure.fix ? `       ${failure.fix}\n` : ''}`);
    return failure.exitCode;
  }
}
