import { describe, expect, test } from 'vitest';
import { contract, variable } from '../../config/contract';
import { destinations } from '../../config/endpoints';
import { judge } from '../../config/rules';
import { draft } from '../support/draft';

const secret = { secret: 'addresses', key: 'value' };
const ports = destinations
  .filter(({ name }) => variable(name)?.kind !== 'postgres-url')
  .map(({ name, port }) => port ?? name);

test('every variable that the policies read is one that the user sets, and every database is among them', () => {
  const read = destinations.flatMap(({ name, port }) => (port ? [name, port] : [name]));
  for (const name of read) {
    expect(variable(name), name).toBeDefined();
    expect(variable(name)!.owner, name).toBeUndefined();
  }
  const databases = contract.filter(({ kind }) => kind === 'postgres-url').map(({ name }) => name);
  expect(read).toEqual(expect.arrayContaining(databases));
});

describe.each(ports)('a Secret with %s', (name) => {
  const severity = name === 'STACK_CLICKHOUSE_URL' ? 'error' : 'warning';
  const about = (changes: object) =>
    judge(draft({ config: { [name]: undefined }, ...changes })).filter(
      ({ field, rule }) => field === name && !['half-configured', 'required-missing'].includes(rule),
    );

  test('is reported once, by the line that refers to it, and stops the run if the migration needs the port', () => {
    const file = 'environment.yaml';
    expect(about({ env: { [name]: secret } })).toMatchObject([{ rule: 'port-in-secret', severity, file, line: 20 }]);
    expect(about({ settings: { secrets: { mode: 'sops' } }, held: [name] })).toMatchObject([
      { rule: 'port-in-secret', severity, file: 'secrets.sealed.yaml' },
    ]);
  });

  test('is the user’s own affair once a port was opened by hand', () => {
    const network = { egress: [{ port: 8443 }] };
    expect(about({ env: { [name]: secret }, settings: { network } })).toEqual([]);
    expect(about({ settings: { secrets: { mode: 'sops' }, network }, held: [name] })).toMatchObject([
      { rule: 'secret-not-for-secrets', severity: 'warning' },
    ]);
  });
});
