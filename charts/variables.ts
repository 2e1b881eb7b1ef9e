import type { k8s } from 'cdk8s-plus-28';
import { contract, variable } from '../config/contract';
import type { Environment, SecretKey } from '../config/environment';
import { NAME } from './metadata';
import { calledDirectly } from './proxy';

/** Name of the ConfigMap with the server's variables that are not secret. */
export const CONFIG_NAME = `${NAME}-config`;

/** All variables of the environment for a container: the ConfigMap and the Secret whole, single ones from elsewhere. */
export function allVariables(
  env: Environment,
  literals: Record<string, string>,
): Pick<k8s.Container, 'env' | 'envFrom'> {
  return {
    envFrom: [{ configMapRef: { name: CONFIG_NAME } }, { secretRef: { name: env.secretName } }],
    env: [
      ...Object.entries({ ...env.literals, ...literals }).map(([name, value]) => literal(name, value)),
      ...Object.entries(env.references).flatMap(([name, at]) => spellings(name).map((as) => fromSecret(as, at))),
      ...secondSpellings(env),
      ...proxyVariables(env),
    ],
  };
}

/**
 * What tells Node to call through a proxy (docs/how-to/corporate-proxy.md). The switch is needed: without it Node does not
 * look at the other three.
 */
export function proxyVariables(env: Environment): k8s.EnvVar[] {
  const { proxy } = env.settings;
  if (!proxy) return [];
  const { url } = proxy;
  return [
    ...['HTTP_PROXY', 'HTTPS_PROXY'].map((name) =>
      typeof url === 'string' ? literal(name, url) : fromSecret(name, url),
    ),
    literal('NO_PROXY', calledDirectly(env).join(',')),
    literal('NODE_USE_ENV_PROXY', '1'),
  ];
}

/** One variable as an `env` entry, from wherever the environment keeps it. */
export function oneVariable(env: Environment, name: string): k8s.EnvVar {
  if (env.config[name] !== undefined && !env.references[name]) {
    return { name, valueFrom: { configMapKeyRef: { name: CONFIG_NAME, key: name } } };
  }
  return fromSecret(name, secretKey(env, name));
}

/** Where a secret variable is kept. */
export function secretKey(env: Environment, name: string): SecretKey {
  return env.references[name] ?? { secret: env.secretName, key: name };
}

export function fromSecret(name: string, at: SecretKey): k8s.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: at.secret, key: at.key } } };
}

export function literal(name: string, value: string): k8s.EnvVar {
  return { name, value: verbatim(value) };
}

/**
 * Text for a command, an argument, a probe or a literal that must arrive as it is: Kubernetes reads `$(` as the start of
 * a variable and `$$` as one plain dollar.
 */
export function verbatim(text: string): string {
  return text.replace(/\$\$+|\$(?=\()/g, (dollars) => dollars + dollars);
}

/**
 * The vendor renamed the internal keys; images of one generation read one spelling, of another the other, and the
 * newest refuses to start when they differ (docs/explanation/server.md#three-generations). Both come from the same key,
 * so they cannot.
 */
function secondSpellings(env: Environment): k8s.EnvVar[] {
  return contract
    .filter((item) => item.emitAs && !env.references[item.name] && isProvided(env, item.name))
    .flatMap((item) =>
      item.emitAs!.filter((as) => as !== item.name).map((as) => fromSecret(as, secretKey(env, item.name))),
    );
}

function isProvided(env: Environment, name: string): boolean {
  return env.secretNames === undefined ? variable(name)?.required === true : env.secretNames.includes(name);
}

function spellings(name: string): readonly string[] {
  return variable(name)?.emitAs ?? [name];
}
