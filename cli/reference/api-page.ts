import { declarations } from '../package/types.mjs';

/** What `import … from 'cdk8s-hexclave'` gives: docs/reference/api.md. */
export function apiPage(): string {
  return `<!-- Made by npm run generate from index.ts. A change of it is a change for everybody who imports the package. -->

# The library

\`\`\`ts
import { App, Chart, JsonPatch } from 'cdk8s';
import { Hexclave } from 'cdk8s-hexclave';

const app = new App();
const auth = Hexclave.fromFolder(new Chart(app, 'auth'), 'auth', 'environments/production');
auth.server.deployment.addJsonPatch(JsonPatch.add('/metadata/labels/team', 'identity'));
app.synth();
\`\`\`

\`EnvironmentInput\` has the fields of [environment.yaml](environment.md). Everything that can be imported:

\`\`\`ts
${declarations({ environment: false })}\`\`\`
`;
}
