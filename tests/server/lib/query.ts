import { apply, exec } from '../../cluster/lib/kubectl';
import { hardened } from '../../cluster/lib/pods';
import { condition } from '../../cluster/lib/wait';

/** Rows of statements in a database that only pods of the cluster reach, each row as its values with `|` between. */
export type Query = (statement: string) => Promise<string[]>;

/** A pod that asks the database, with the client that the server's image has. Its address stays in a Secret. */
export function queries(namespace: string, image: string, url: string): Query {
  const name = 'queries';
  const container = {
    name,
    image,
    command: ['sleep', '7200'],
    env: [{ name: 'URL', valueFrom: { secretKeyRef: { name, key: 'url' } } }],
    securityContext: hardened.container,
  };
  const spec = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: hardened.pod(1000),
    containers: [container],
  };
  let started: Promise<void> | undefined;
  const start = async () => {
    const metadata = { name, namespace };
    await apply([
      { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { url } },
      { apiVersion: 'v1', kind: 'Pod', metadata, spec },
    ]);
    await condition(namespace, `pod/${name}`, 'Ready', 300);
  };
  return async (statement) => {
    started ??= start();
    await started;
    return (await exec(namespace, name, ['node', '-e', program, statement])).split('\n').filter(Boolean);
  };
}

const program = `
const { Client } = require('module').createRequire('/app/apps/backend/package.json')('pg');
const client = new Client({ connectionString: process.env.URL });
client.connect()
  .then(() => client.query({ text: process.argv[1], rowMode: 'array' }))
  .then(({ rows }) => { for (const row of rows) console.log(row.join('|')); return client.end(); })
  .catch(({ message }) => { console.error(message); process.exit(1); });
`;
