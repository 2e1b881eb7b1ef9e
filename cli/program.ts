import { Command, CommanderError, Option } from 'commander';
import { copiers } from './images/copiers';
import { version } from './package.json';
import { err, out } from './terminal';

/** Parses arguments, runs the command they name and returns its exit code. */
export async function parse(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command('cdk8s-hexclave')
    .description('Kubernetes manifests for a self-hosted Hexclave, from environments/<name>/ to dist/<name>/.')
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError('(--help shows how to use it)')
    .addHelpText('after', example('init production --from hexclave.env', 'check production', 'synth'));

  program
    .command('init')
    .summary('make an environment')
    .description(
      'Makes environments/<name>/ with environment.yaml, config.env and secrets.env. Overwrites nothing.\nWithout --from all secrets are new and what only you know is left to fill in. Of an environment that is there already it makes the secrets that are missing, such as those of a store that you have just turned on.',
    )
    .argument('<name>', 'lower-case letters, digits and dashes')
    .option(
      '--from <file>',
      'what gives the server its variables today, - for standard input: an env file of docker run, a compose file, or Secrets and ConfigMaps; its secrets stay as they are',
    )
    .option('--service <name>', 'service of the compose file (default: the one that looks like the server)')
    .option('--namespace <name>', 'namespace of the objects (default: hexclave-<name>)')
    .option('--image <reference>', 'server image with its tag, and a digest if you like')
    .option('--new-secrets', 'make secrets that are not there, for a server that has never run')
    .option(
      '--argocd',
      'also write argocd.yaml, the Application that syncs it; for an existing environment, that alone',
    )
    .option('--flux', 'also write flux.yaml, the Kustomization that syncs it; for an existing environment, that alone')
    .option('--project', 'also make an app in TypeScript, for charts of your own beside it')
    .addHelpText(
      'after',
      example('init production', 'init production --from compose.yaml --service hexclave', 'init production --argocd'),
    )
    .action(async (name, options) => {
      code = (await import('./init')).init(name, options);
    });

  program
    .command('quickstart')
    .summary('make the evaluation ready to apply')
    .description(
      'Makes the secrets of environments/evaluation/, which stay as they are once they are there, writes its manifests to dist/evaluation/ and prints what to do next: Hexclave and all it needs in one cluster, to try it out.',
    )
    .action(async () => {
      code = (await import('./quickstart')).quickstart();
    });

  program
    .command('check')
    .summary('report what is wrong with environments')
    .description('Reports everything that is wrong with environments, each with its place and the way out.')
    .argument('[name...]', 'environments (default: all)')
    .addOption(format())
    .addHelpText('after', `${example('check', 'check production --format json')}${EXIT_CODES}`)
    .action(async (names, options) => {
      code = await (await import('./check')).check(names, options);
    });

  program
    .command('synth')
    .summary('write the manifests of environments')
    .description(
      'Writes the manifests of environments to <output>/<name>/, for kubectl apply, Argo CD and Flux.\nWith an error in any of them nothing is touched.',
    )
    .argument('[name...]', 'environments (default: all)')
    .option('--output <folder>', 'where the folders of the environments go', 'dist')
    .addOption(format())
    .addHelpText('after', `${example('synth', 'synth production --output manifests')}${EXIT_CODES}`)
    .action(async (names, options) => {
      code = (await import('./synth')).synth(names, options);
    });

  program
    .command('keys')
    .summary('list the variables an environment needs')
    .description('Lists the variables an environment needs and has: secret or not, set or not, and where. No values.')
    .argument('<name>', 'environment')
    .option('--all', 'also those that are neither required nor set')
    .option('--escrow', 'those to keep copies of off the cluster, with fingerprints to tell a copy by')
    .addOption(format())
    .addHelpText('after', example('keys production', 'keys production --escrow', 'keys production --format json'))
    .action(async (name, options) => {
      code = (await import('./keys')).keys(name, options);
    });

  program
    .command('seal')
    .summary('encrypt secrets.env into what is committed')
    .description(
      'Encrypts the values of secrets.env for the modes sealed-secrets and sops; the result is committed.\nUnchanged values stay as they are.',
    )
    .argument('<name>', 'environment')
    .option('--all', 'encrypt unchanged values anew as well')
    .option('--prune', 'drop values that secrets.env no longer has')
    .option('--certificate <file>', 'certificate of Sealed Secrets (default: the one environment.yaml names)')
    .addHelpText('after', `${example('seal production', 'seal production --all')}${EXIT_CODES}`)
    .action(async (name, options) => {
      code = (await import('./seal')).seal(name, options);
    });

  program
    .command('rotate')
    .summary('give a secret a new value')
    .description(
      'Gives a secret variable a new value in secrets.env, keeps the old ones in a file beside it, and says what that breaks and in which order to roll it out.',
    )
    .argument('<name>', 'environment')
    .argument('<variable>', 'secret variable')
    .option('--from-stdin', 'take the value from standard input, for what somebody else issues')
    .addHelpText(
      'after',
      example('rotate production CRON_SECRET', 'rotate production STACK_EMAIL_PASSWORD --from-stdin < password'),
    )
    .action(async (name, variable, options) => {
      code = (await import('./rotate')).rotate(name, variable, options);
    });

  program
    .command('preflight')
    .summary('compare an environment with the cluster')
    .description(
      'Asks the cluster, by your kubectl, whether every Secret and ConfigMap that the pods read is there with its keys, and whether it knows every kind of object in the manifests.\nReads the names of keys, never a value, and changes nothing.',
    )
    .argument('<name>', 'environment')
    .option('--context <name>', 'context of your kubeconfig (default: the current one)')
    .addOption(format())
    .addHelpText('after', `${example('preflight production', 'preflight production --context eu')}${EXIT_CODES}`)
    .action(async (name, options) => {
      code = (await import('./preflight')).preflight(name, options);
    });

  program
    .command('diff')
    .summary('show what an apply would change in the cluster')
    .description(
      'Asks the API server, by your kubectl, what an apply of an environment would change, and says what comes of it: which pods roll and because of which line, whether migrations run, what Kubernetes refuses, what is left behind. Changes nothing.\nOf secrets it shows fingerprints.',
    )
    .argument('<name>', 'environment')
    .option('--context <name>', 'context of your kubeconfig (default: the current one)')
    .option('--fields', 'show every changed field')
    .addOption(format())
    .addHelpText(
      'after',
      `${example('diff production', 'diff production --context eu --fields')}\n\nExit code: 0 no difference, 1 a difference, 2 not everything could be compared.`,
    )
    .action(async (name, options) => {
      code = await (await import('./diff')).diff(name, options);
    });

  program
    .command('doctor')
    .summary('say what is wrong with an environment in its cluster')
    .description(
      'Looks at an environment in its cluster, by your kubectl, and says in words what is wrong and what to do: gates that wait, migrations that failed, images, quotas, volumes, certificates, e-mail that is stuck, secrets that differ. Changes nothing.\nThe ClusterRole view is enough for most; what it lacks is left out and printed as rules of a Role.',
    )
    .argument('<name>', 'environment')
    .option('--context <name>', 'context of your kubeconfig (default: the current one)')
    .option('--probe', 'try from a server pod to reach what its variables name (needs pods/exec)')
    .addOption(format())
    .addHelpText(
      'after',
      `${example('doctor production', 'doctor production --context eu --probe')}\n\nExit code: 0 nothing is wrong, 1 problems, 2 it could not be looked at.`,
    )
    .action(async (name, options) => {
      code = await (await import('./doctor')).doctor(name, options);
    });

  program
    .command('restore')
    .summary('bring a backup back')
    .description(
      'Writes restore-<name>.yaml, the Job that brings a backup back, and prints what belongs before and after it; with --apply all of it is done by your kubectl. A database with data in it is refused without --replace. Either everything comes back as it was counted, or the database stays as it is.',
    )
    .argument('<name>', 'environment')
    .option('--backup <backup>', 'name of the backup, as the log of its Job has it', 'latest')
    .option('--replace <name>', 'remove what is in the database; the environment’s name, once more')
    .option('--apply', 'do it, and wait for its end')
    .option('--context <name>', 'context of your kubeconfig (default: the current one)')
    .addHelpText(
      'after',
      example('restore production', 'restore production --backup 1a2b3c4d --replace production --apply'),
    )
    .action(async (name, options) => {
      code = await (await import('./restore')).restore(name, options);
    });

  program
    .command('admin')
    .summary('let a locked-out administrator in again')
    .description('What is done for the administrator whom the environment names.')
    .helpCommand(false)
    .command('reset')
    .summary('give the administrator the password of secrets.env')
    .description(
      'Writes admin-reset-<name>.yaml, a Job that goes through the server’s API: the account of STACK_SEED_INTERNAL_PROJECT_USER_EMAIL gets the password of STACK_SEED_INTERNAL_PROJECT_USER_PASSWORD, is made if there is none, loses its second factor, joins the internal team where …_USER_INTERNAL_ACCESS=true, and signs in once. Prints what belongs before and after it; with --apply all of it is done by your kubectl. Other accounts stay as they are.',
    )
    .argument('<name>', 'environment')
    .option('--apply', 'do it, and wait for its end')
    .option('--context <name>', 'context of your kubeconfig (default: the current one)')
    .addHelpText('after', example('admin reset production', 'admin reset production --apply --context eu'))
    .action(async (name, options) => {
      code = await (await import('./admin-reset')).adminReset(name, options);
    });

  program
    .command('images')
    .summary('list the images of environments')
    .description(
      'Lists every image that the manifests name: of pods, init containers, Jobs and CronJobs, with its digest where it is pinned. Prints a script that copies them for a closed network, or asks the registries whether they are there.',
    )
    .argument('[name...]', 'environments (default: all)')
    .option('--copy-to <registry>', 'print a script that copies the images to where registry: <registry> finds them')
    .addOption(new Option('--with <program>', 'what that script uses').choices(copiers).default('crane'))
    .option('--check', 'ask the registries, by your crane or skopeo')
    .option('--platform <platform>', 'platform of the nodes, for --check', 'linux/amd64')
    .addOption(format())
    .addHelpText(
      'after',
      example('images production', 'images --copy-to mirror.example.com/hub > copy.sh', 'images production --check'),
    )
    .action(async (names, options) => {
      code = (await import('./images')).images(names, options);
    });

  program
    .command('pin')
    .summary('write the digests of images')
    .description(
      'Asks the registries, by your crane or skopeo, what the tags of an environment stand for today and writes the digests into environment.yaml. Comments and what is pinned already stay.',
    )
    .argument('<name>', 'environment')
    .addHelpText('after', example('pin production'))
    .action(async (name) => {
      code = (await import('./pin')).pin(name);
    });

  program
    .command('graph')
    .summary('draw an environment')
    .description(
      'Draws an environment from its manifests: hosts, Services, pods, Jobs, stores, where secrets come from, and which connections the policies allow. Names alone, no values.',
    )
    .argument('<name>', 'environment')
    .addOption(
      new Option('--format <format>', 'a picture, or text for Markdown').choices(['svg', 'mermaid']).default('svg'),
    )
    .addHelpText('after', example('graph production > production.svg', 'graph production --format mermaid'))
    .action(async (name, options) => {
      code = await (await import('./graph')).graph(name, options);
    });

  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are asked for and end with 0; without any argument the help is an error.
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
}

const EXIT_CODES = '\n\nExit code: 0 no errors (warnings are allowed), 1 errors, 2 wrong usage.';

function format(): Option {
  return new Option('--format <format>', 'for people or for programs').choices(['text', 'json']).default('text');
}

function example(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  npx cdk8s-hexclave ${command}`).join('\n')}`;
}
