import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { type Built, build } from './charts/hexclave';
import { type Stage, stages } from './charts/stages';
import type { EnvironmentInput } from './config/environment-input';
import { type Finding, hasErrors } from './config/finding';
import { environmentFromData } from './config/from-data';
import { loadEnvironment } from './config/load';

export type { EnvironmentInput, Finding };

/** An environment as data: what the three files of a folder hold. */
export interface HexclaveData {
  /** Its name: part of the selectors, so another name is another environment. */
  readonly name: string;
  /** The Kubernetes side: the fields of environment.yaml. */
  readonly environment: EnvironmentInput;
  /** The server's variables that are not secret: config.env. */
  readonly config: Readonly<Record<string, string>>;
  /**
   * The secret variables: secrets.env, for `secrets.mode: env-file`. They stand in the synthesized Secret, which git must
   * not see.
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A folder with environment.yaml, config.env and secrets.env; its name is the environment's. */
export interface HexclaveFolder {
  readonly folder: string;
}

export type HexclaveProps = HexclaveData | HexclaveFolder;

/** The server's objects. */
export interface HexclaveServer {
  readonly deployment: ApiObject;
  /** Inside the cluster: port 8102 of the API, port 8101 of the dashboard. */
  readonly services: { readonly api: ApiObject; readonly dashboard: ApiObject };
}

/** Thrown for an environment with errors, all of them at once. No message holds a secret value. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';

  constructor(
    environment: string,
    /** What was found, warnings included. */
    readonly findings: readonly Finding[],
  ) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const lines = errors.map(
      ({ file, line, field, message, fix, rule }) =>
        `\n  ${line > 0 ? `${file}:${line}` : file}  ${field}  ${message}\n    ${fix} [${rule}]`,
    );
    super(
      `The environment ${environment} has ${errors.length} error${errors.length === 1 ? '' : 's'}:${lines.join('')}`,
    );
    // Where nobody catches it, Node prints what can be enumerated below the message, which says the same.
    Object.defineProperty(this, 'findings', { enumerable: false });
  }
}

/**
 * Hexclave on Kubernetes as a construct: the objects that `cdk8s-hexclave synth` writes, in the chart around it and in the
 * order in which they are applied. Their names and namespace come from the environment, never from where the construct
 * stands, so moving it changes nothing.
 *
 * @example
 * new Hexclave(chart, 'auth', { name: 'production', environment: { image: { tag: '53c1c9e' } }, config: { … } });
 * @throws InvalidEnvironment when the environment has errors
 */
export class Hexclave extends Construct {
  /** Reads `environment.yaml`, `config.env` and `secrets.env` of a folder, as the command does. */
  static fromFolder(scope: Construct, id: string, folder: string): Hexclave {
    return new Hexclave(scope, id, { folder });
  }

  /** Namespace of all objects. */
  readonly namespace: string;
  /** What was found in the environment that does not stop it. */
  readonly warnings: readonly Finding[];
  readonly server: HexclaveServer;
  /** The Job that migrates and seeds; its name carries the release. */
  readonly migration: ApiObject;

  constructor(scope: Construct, id: string, props: HexclaveProps) {
    super(scope, id);
    const { namespace, objects, warnings } = valid(props);
    this.namespace = namespace;
    this.warnings = warnings;
    for (const [stage, documents] of objects) {
      const below = new Construct(this, stages[stage].file);
      for (const document of documents) new ApiObject(below, `${document.kind}-${document.metadata.name}`, document);
    }
    this.server = {
      deployment: this.only('server', 'Deployment'),
      services: { api: this.only('server', 'Service', 'api'), dashboard: this.only('server', 'Service', 'dashboard') },
    };
    this.migration = this.only('migration', 'Job');
  }

  /** Everything, in the order in which it is applied. */
  get objects(): readonly ApiObject[] {
    return this.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  }

  /** What calls the server's maintenance endpoints. */
  get cronJobs(): readonly ApiObject[] {
    return this.objects.filter(({ kind }) => kind === 'CronJob');
  }

  /** The one object of a kind that a stage always has. */
  private only(stage: Stage, kind: string, ending = ''): ApiObject {
    const all = this.node.findChild(stages[stage].file).node.children.filter((child) => ApiObject.isApiObject(child));
    return all.find((object) => object.kind === kind && object.name.endsWith(ending))!;
  }
}

/** Hexclave in a chart of its own, and so in a file of its own. */
export class HexclaveChart extends Chart {
  readonly hexclave: Hexclave;

  constructor(scope: Construct, id: string, props: HexclaveProps) {
    super(scope, id);
    this.hexclave = new Hexclave(this, 'hexclave', props);
  }
}

function valid(props: HexclaveProps): Pick<Built, 'objects'> & { namespace: string; warnings: readonly Finding[] } {
  const { name, environment, findings } =
    'folder' in props ? loadEnvironment(props.folder) : environmentFromData(props);
  if (!environment) throw new InvalidEnvironment(name, findings);
  const built = build(environment);
  const warnings = [...findings, ...built.findings];
  if (hasErrors(built.findings)) throw new InvalidEnvironment(name, warnings);
  return { namespace: environment.namespace, objects: built.objects, warnings };
}
