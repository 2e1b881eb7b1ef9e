import { exec } from './kubectl';

/** Runs a statement in the bundled PostgreSQL of a namespace, as the owner of its databases. Rows are lines, bare. */
export async function bundledSql(namespace: string, statement: string, database = 'hexclave'): Promise<string> {
  const args = ['psql', '--username=hexclave', `--dbname=${database}`, '-XAtc', statement];
  return (await exec(namespace, 'hexclave-postgres-0', args)).trim();
}
