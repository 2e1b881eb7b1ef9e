import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../config/yaml-file';

const findingsOf = (yaml: string) => parseSettings(`image: { tag: 1.2.3 }\n${yaml}\n`, 'environment.yaml').findings;
const inOneLine = (value: unknown) => JSON.stringify(value);

describe('a value that the API server refuses is refused here, at its place and with what is wrong', () => {
  const name = 'must be a DNS name';
  const key = 'must be a key';
  const label = 'must be a label value';
  it.each<[field: string, yaml: object, message: string]>([
    ...['a..b', '.a', 'a.', 'a.-b', '-a', 'A', 'a_b', 'a'.repeat(254)].flatMap((bad): [string, object, string][] => [
      ['imagePullSecrets.0', { imagePullSecrets: [bad] }, name],
      ['secrets.name', { secrets: { mode: 'existing', name: bad } }, name],
      ['caBundle.configMap', { caBundle: { configMap: bad } }, name],
      ['env.A.secret', { env: { A: { secret: bad, key: 'k' } } }, name],
    ]),
    ...['.', '..', '..data', 'a b', ''].map((bad): [string, object, string] => [
      'env.A.key',
      { env: { A: { secret: 's', key: bad } } },
      'must be a key a Secret can have',
    ]),
    ['imagePullSecrets', { imagePullSecrets: ['a', 'b', 'a'] }, 'must name no Secret twice'],
    ...['bad key!', 'a..b/c', '/c', 'a/b/c', '-a', 'a'.repeat(64), ''].flatMap((bad): [string, object, string][] => [
      [`nodeSelector.${bad}`, { nodeSelector: { [bad]: 'x' } }, key],
      [`labels.${bad}`, { labels: { [bad]: 'x' } }, key],
      [`annotations.${bad}`, { annotations: { [bad]: 'x' } }, key],
      ['tolerations.0.key', { tolerations: [{ key: bad, operator: 'Exists' }] }, key],
    ]),
    ...['x y', '-x', 'x/y', 'x'.repeat(64)].flatMap((bad): [string, object, string][] => [
      ['nodeSelector.a', { nodeSelector: { a: bad } }, label],
      ['labels.a', { labels: { a: bad } }, label],
      ['tolerations.0.value', { tolerations: [{ key: 'a', value: bad }] }, label],
    ]),
    ['tolerations.0.key', { tolerations: [{}] }, 'must be written unless operator is Exists'],
    ['tolerations.1.key', { tolerations: [{ operator: 'Exists' }, { operator: 'Equal' }] }, 'must be written'],
    ['tolerations.0.key', { tolerations: [{ value: 'x', effect: 'NoSchedule' }] }, 'must be written'],
    ['tolerations.0.value', { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }, 'must be left out'],
    [
      'tolerations.0.tolerationSeconds',
      { tolerations: [{ key: 'a', tolerationSeconds: 3, effect: 'NoSchedule' }] },
      'must be left out unless effect is NoExecute',
    ],
    ['tolerations.0.tolerationSeconds', { tolerations: [{ key: 'a', tolerationSeconds: 3 }] }, 'must be left out'],
  ])('%s of %j', (field, yaml, message) => {
    expect(
      findingsOf(
        Object.entries(yaml)
          .map(([top, value]) => `${top}: ${inOneLine(value)}`)
          .join('\n'),
      ),
    ).toEqual([
      expect.objectContaining({ severity: 'error', line: 2, field, message: expect.stringContaining(message) }),
    ]);
  });

  it.each([
    { imagePullSecrets: ['a.b-c.d', 'a'.repeat(253)] },
    { secrets: { mode: 'existing', name: '1.2.3' } },
    { env: { A: { secret: 'a', key: '.data..b_C' } } },
    { nodeSelector: { 'kubernetes.io/os': 'linux', 'app.kubernetes.io/pool': '', A: 'b.C_d' } },
    { tolerations: [{ operator: 'Exists' }, { operator: 'Exists', value: '' }, { key: 'a.b/c' }] },
    { tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 0 }] },
  ])('and one that it takes is not: %j', (yaml) => {
    expect(
      findingsOf(
        Object.entries(yaml)
          .map(([top, value]) => `${top}: ${inOneLine(value)}`)
          .join('\n'),
      ),
    ).toEqual([]);
  });
});

describe('an amount', () => {
  const resources = ['resources', 'stores.clickhouse.resources'];
  const places = (kind: string) => resources.flatMap((of) => [`${of}.requests.${kind}`, `${of}.limits.${kind}`]);
  const sizes = ['stores.postgres.size', 'stores.clickhouse.size', 'stores.s3.size'];
  const at = (path: string, value: unknown) => {
    const [top, ...below] = path.split('.');
    const mode = { postgres: 'bundled', clickhouse: 'bundled', s3: 'seaweedfs' }[below[0]!];
    const nested = below.reduceRight<unknown>(
      (inner, step, index) => ({ ...(mode && index === 1 ? { mode } : {}), [step]: inner }),
      value,
    );
    return findingsOf(`${top}: ${inOneLine(nested)}`);
  };

  it.each(places('cpu'))('of CPUs is a plain number or thousandths of one: %s', (path) => {
    for (const good of [1, 0.5, 1000, '1', '0.25', '500m', '1m', '1000']) expect(at(path, good), `${good}`).toEqual([]);
    for (const bad of ['2Gi', '2k', '1M', '0', 0, '0m', '1001', 1001, '1000001m', '0.5m', -1, true, '']) {
      const message = expect.stringContaining('must be a number of CPUs');
      expect(at(path, bad), `${bad}`).toEqual([expect.objectContaining({ field: path, message })]);
    }
  });

  it.each([...places('memory'), ...places('ephemeral-storage'), ...sizes])(
    'of bytes has a unit or is a large number: %s',
    (path) => {
      for (const good of ['1Mi', '1.5Gi', '500M', '2T', 1048576, '1073741824'])
        expect(at(path, good), `${good}`).toEqual([]);
      for (const bad of ['500m', 5, 10, '10', '5k', '0.5Mi', '1Gib', '1 Gi', 0, -1, true, '']) {
        const message = expect.stringContaining('must be an amount of bytes');
        expect(at(path, bad), `${bad}`).toEqual([expect.objectContaining({ field: path, message })]);
      }
    },
  );
});

describe('a key of the user’s choice', () => {
  it.each([
    ['labels: { app.kubernetes.io/name: x }', 'labels', 'app.kubernetes.io/name', 'belongs to the manifests'],
    ['annotations: { argocd.argoproj.io/sync-wave: "9" }', 'annotations', 'argocd.argoproj.io/sync-wave', 'belongs to'],
    ['annotations: { hexclave.dev/release: x }', 'annotations', 'hexclave.dev/release', 'belongs to the manifests'],
    ['edge: { annotations: { "a b": x } }', 'edge.annotations', 'a b', 'must be a key'],
    ['env: { "a.b": c }', 'env', 'a.b', 'must be an environment variable name'],
    ['maintenance: { extra: { Foo_Bar: { path: /x } } }', 'maintenance.extra', 'Foo_Bar', 'must be a DNS label'],
  ])('that is refused is named, with what is wrong with it: %s', (yaml, map, key, message) => {
    const [finding, ...others] = findingsOf(yaml);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'environment-yaml-invalid-value', line: 2, field: `${map}.${key}` });
    expect(finding!.message).toContain(`The key ${JSON.stringify(key)} ${message}`);
  });
});

describe('YAML that could be meant', () => {
  it.each([
    'labels: &a { b: c }\nannotations: { <<: *a }',
    'labels: &a { b: c }\nedge: { <<: *a }',
    'labels: &a { b: c }\nenv: { <<: [*a] }',
    'labels: &a { b: c }\n<<: *a',
    'stores:\n  postgres: { "<<": { mode: bundled } }',
  ])('as a merge is told from a field that there is not, once and with its line: %j', (yaml) => {
    expect(findingsOf(yaml)).toEqual([
      expect.objectContaining({ rule: 'environment-yaml-merge-key', severity: 'error', line: 3, field: '<<' }),
    ]);
  });

  it('takes an alias for a whole value', () => {
    expect(findingsOf('labels: &common { team: identity }\nannotations: *common')).toEqual([]);
  });

  it('has an alias that leads nowhere found with its line, and one that leads to too much found', () => {
    const rule = 'environment-yaml-syntax';
    expect(findingsOf('labels: {}\nannotations: *common')).toEqual([expect.objectContaining({ rule, line: 3 })]);
    const ten = (of: string) => `[${Array(10).fill(of)}]`;
    const bomb = `a: &a ${ten('x')}\nb: &b ${ten('*a')}\nc: &c ${ten('*b')}\nd: ${ten('*c')}`;
    expect(findingsOf(bomb)).toEqual([expect.objectContaining({ rule })]);
  });
});
