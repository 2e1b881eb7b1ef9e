import type { Variable } from '../../config/contract';
import { type Generation, type GenerationFacts, generations, type Note } from '../../config/contract/generations';
import { code, NOTICE, table } from './markdown';

/** What is known of the server's versions, and what these manifests were tried with. */
export function versionsPage(contract: readonly Variable[]): string {
  const all = Object.entries(generations) as [Generation, GenerationFacts][];
  return `${NOTICE}

# Versions of the server

Every image is called \`stackauth/server\`, and its tags are commits: they say nothing of which is newer, and none of what changed. What
matters to whoever deploys it changed twice so far. How each fact was learned: [server](../explanation/server.md).

${table(
  ['', ...all.map(([id, { published }]) => `${id}, ${published}`)],
  [
    ['What it is', ...all.map(([, { servers }]) => servers)],
    ['How it ends', ...all.map(([, { stop }]) => stop)],
    ['Renders e-mails by', ...all.map(([, { renderer }]) => renderer)],
    ['Largest body', ...all.map(([, { largestBody }]) => largestBody)],
    ['Run with these manifests', ...all.map(([, { run }]) => run.map(code).join(', ') || 'no image')],
    ['Known to be of it, not run', ...all.map(([, { known }]) => known.map(code).join(', ') || 'no image')],
    ['In the tests beside it', ...all.map(([, { otherwise }]) => otherwise)],
  ],
)}
The manifests are the same for all three: where two want different things, they get both, or whichever all of them take.
${all.map(([id, facts]) => section(id, facts, contract)).join('')}
## A version that is not listed

An image that was not run here may differ in anything; of one that is not in the table \`check\` says so. Before it goes into production, run it in a cluster of yours:
[upgrade](../how-to/upgrade.md#upgrade), the fourth step.
`;
}

function section(id: Generation, { coming, leaving }: GenerationFacts, contract: readonly Variable[]): string {
  const variables = contract.filter(({ since }) => since === id).map(({ name }) => code(name));
  if (coming.length === 0 && variables.length === 0) return '';
  const lines = listed(coming);
  const back = leaving.length > 0 ? `\n## Going back from ${id}\n\n${listed(leaving)}` : '';
  return `\n## Coming to ${id}\n\n${lines}${variables.length > 0 ? `- Read from ${id} on: ${variables.sort().join(', ')}.\n` : ''}${back}`;
}

function listed(notes: readonly Note[]): string {
  return notes.map(({ text }) => `- ${text}\n`).join('');
}
