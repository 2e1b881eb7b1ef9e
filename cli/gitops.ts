import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Finding } from '../config/finding';
import { join } from '../config/paths';
import { found } from '../config/reading-rules';

/** Controllers for which `init` writes the object that syncs an environment, beside the environment. */
export const gitOpsTools = {
  argocd: { file: 'argocd.yaml', example: 'argocd/application.yaml', says: 'Argo CD' },
  flux: { file: 'flux.yaml', example: 'flux/kustomization.yaml', says: 'Flux' },
} as const;

export type GitOpsTool = keyof typeof gitOpsTools;

/** Address of the repository in the examples; nothing is found there. */
const PLACEHOLDER = 'https://git.example.com/auth.git';

/** The example for this environment. The repository's address is left for the user to fill in. */
export function gitOpsText(tool: GitOpsTool, name: string, namespace: string): string {
  const { example, file } = gitOpsTools[tool];
  return readFileSync(new URL(`../examples/${example}`, import.meta.url), 'utf8')
    .replace('environment "production"', `environment ${JSON.stringify(name)}`)
    .replace(`examples/${example}`, `environments/${name}/${file}`)
    .replace('namespace: hexclave-production', `namespace: ${namespace}`)
    .replaceAll('hexclave-production', `hexclave-${name}`)
    .replaceAll('dist/production', `dist/${name}`);
}

/** Writes the objects of these tools into an environment's folder. Overwrites nothing. */
export function writeGitOps(tools: readonly GitOpsTool[], folder: string, name: string, namespace: string): string[] {
  return tools.map((tool) => {
    const path = join(folder, gitOpsTools[tool].file);
    writeFileSync(path, gitOpsText(tool, name, namespace), { flag: 'wx' });
    return path;
  });
}

/** An object for a controller in which the repository's address has not been filled in. */
export function openGitOps(folder: string): Finding[] {
  return Object.values(gitOpsTools).flatMap(({ file: name, says }) => {
    const file = join(folder, name);
    if (!existsSync(file)) return [];
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes(PLACEHOLDER));
    if (line < 0) return [];
    return [
      found('gitops-placeholder', {
        file,
        line: line + 1,
        field: says === 'Flux' ? 'spec.url' : 'spec.source.repoURL',
        message: `This is the address of an example; ${says} finds no repository there.`,
        fix: 'Write the address of the repository that dist/ is committed to; git remote -v shows it.',
      }),
    ];
  });
}
