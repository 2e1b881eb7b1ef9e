import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Environment } from '../config/environment';
import { RENDERER } from '../config/stores/renderer';
import { metadata } from './metadata';

/**
 * Bytes of the archive in one ConfigMap. A client-side apply, which is Argo CD's default, keeps a copy of the object in an
 * annotation, and all annotations together may have 262,144 bytes: as base64 these are 240,000.
 */
const PART_SIZE = 180_000;

/** The ConfigMaps with the program; they are mounted as one folder. */
export function rendererProgram(scope: Construct, env: Environment): void {
  if (env.settings.stores.renderer.mode !== 'bundled') return;
  const { parts, files } = program();
  for (const [index, part] of parts.entries()) {
    const name = programName(index);
    new k8s.KubeConfigMap(scope, name, {
      metadata: metadata(env, { name, stage: 'rendererProgram', component: 'renderer' }),
      data: index === 0 ? files : undefined,
      binaryData: { [`part-${index}`]: part.toString('base64') },
    });
  }
}

/** The names of the ConfigMaps, and what is another when any of them is. */
export function programParts(): { readonly names: readonly string[]; readonly digest: string } {
  const { parts, files } = program();
  return { names: parts.map((_, index) => programName(index)), digest: sha256(JSON.stringify(files)).slice(0, 32) };
}

function programName(index: number): string {
  return `${RENDERER.name}-program-${index}`;
}

interface Program {
  readonly parts: readonly Buffer[];
  /** What puts the parts together, and by what it knows that they belong together. */
  readonly files: Record<string, string>;
}

let read: Program | undefined;

/** Read when an environment has the renderer, and once: it is three quarters of a megabyte. */
function program(): Program {
  if (read) return read;
  const archive = readFileSync(new URL('../build/renderer.gz', import.meta.url));
  const count = Math.ceil(archive.length / PART_SIZE);
  read = {
    parts: Array.from({ length: count }, (_, index) => archive.subarray(index * PART_SIZE, (index + 1) * PART_SIZE)),
    files: {
      'program.json': JSON.stringify({ count, sha256: sha256(archive) }),
      'start.cjs': readFileSync(new URL('../container/renderer/start.cjs', import.meta.url), 'utf8'),
    },
  };
  return read;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
