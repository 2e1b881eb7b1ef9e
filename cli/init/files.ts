/** The three files of an environment, as text. */
export interface EnvironmentFiles {
  readonly 'environment.yaml': string;
  readonly 'config.env': string;
  readonly 'secrets.env': string;
}

/** A server image: where it is, and which one. */
export interface ImageReference {
  readonly repository: string;
  readonly tag: string;
  readonly digest?: string;
}

export const DEFAULT_IMAGE: ImageReference = {
  repository: 'docker.io/stackauth/server',
  /** A public build of February 2026. Tags that move, such as latest, would change the release behind one's back. */
  tag: '53c1c9e',
};

export const CONFIG_HEADER = `# What the server is told that is not secret; this file belongs into git.
# As docker run --env-file reads it: the rest of the line is the value, quotes and # included.
# Every variable: docs/reference/variables.md
`;

export const SECRETS_HEADER = `# The server's secrets. Git ignores this file: keep a copy where you keep secrets, for some can never be replaced.
# As docker run --env-file reads it: the rest of the line is the value, quotes and # included.
`;

/**
 * `environment.yaml` of a new environment: what has no default, and what is most often changed.
 * @param schema where an editor finds the schema
 */
export function environmentYaml(
  name: string,
  image: ImageReference,
  namespace: string | undefined,
  schema: string,
): string {
  return `# yaml-language-server: $schema=${schema}
# The Kubernetes side of this environment. Every field and its default: docs/reference/environment.md
namespace:
  name: ${JSON.stringify(namespace ?? `hexclave-${name}`)}
image:
${image.repository === DEFAULT_IMAGE.repository ? '' : `  repository: ${JSON.stringify(image.repository)}\n`}  # A new tag is a new release: the migration Job runs before its pods start.
  tag: ${JSON.stringify(image.tag)}
${image.digest ? `  digest: ${JSON.stringify(image.digest)}\n` : ''}replicas: 2
edge:
  # Certificates of both hosts. Name a ClusterIssuer of your cert-manager, or write one of
  # { issuer }, { secrets: { api, dashboard } } and { external: true }.
  tls:
    clusterIssuer: letsencrypt
`;
}

/** Reads an image reference such as `stackauth/server:53c1c9e@sha256:…`; undefined when it names no tag. */
export function parseImage(reference: string): ImageReference | undefined {
  const parts = /^([a-z0-9][a-z0-9._:/-]*):(\w[\w.-]{0,127})(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference);
  if (!parts) return undefined;
  const [, path, tag, digest] = parts as unknown as [string, string, string, string | undefined];
  // As Docker reads it: without a dot, a port or localhost the first part is no registry.
  const hasRegistry = /^(?:[^/]*[.:][^/]*|localhost)\//.test(path);
  return { repository: hasRegistry ? path : `docker.io/${path}`, tag, digest };
}
