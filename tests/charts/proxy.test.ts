import { describe, expect, it } from 'vitest';
import { environmentOf, type Files, load, synthesize } from '../support/cases';
import { containersOf, type KubeObject, objectsOf, templatesOf } from '../support/objects';
import { letsOut, policiesOf } from '../support/policies';
import { snapshotCases } from '../support/snapshot-cases';

const base = snapshotCases.guide!;
const withProxy = (proxy: object, more: Partial<Files> = {}, yaml = ''): Files => ({
  ...base,
  ...more,
  yaml: `${base.yaml}\nproxy: ${JSON.stringify(proxy)}\n${yaml}`,
});
const URL_ = 'http://proxy.acme.test:3128';

const variables = (files: Files, name: string): Record<string, KubeObject> => {
  const containers = templatesOf(objectsOf(synthesize(files))).flatMap(({ template }) => containersOf(template));
  const found = containers.find((container) => container.name === name)!;
  return Object.fromEntries((found.env ?? []).map((item: KubeObject) => [item.name, item]));
};

describe('a proxy', () => {
  it.each(['server', 'migrate'])('is told to the container %s, with the switch that Node needs', (name) => {
    expect(variables(withProxy({ url: URL_ }), name)).toMatchObject({
      HTTP_PROXY: { value: URL_ },
      HTTPS_PROXY: { value: URL_ },
      NODE_USE_ENV_PROXY: { value: '1' },
    });
  });

  it('whose URL holds a password is taken from a Secret', () => {
    const from = { valueFrom: { secretKeyRef: { name: 'proxy', key: 'url' } } };
    expect(variables(withProxy({ url: { secret: 'proxy', key: 'url' } }), 'server')).toMatchObject({
      HTTP_PROXY: from,
      HTTPS_PROXY: from,
    });
    for (const url of ['http://me:hunter2hunter2@proxy:3128', 'proxy:3128', 'socks5://proxy:1080', `${URL_}/path`]) {
      const { environment, findings } = load(withProxy({ url }));
      expect(environment, url).toBeUndefined();
      expect(JSON.stringify(findings)).not.toContain('hunter2');
    }
  });

  it('is passed over for everything inside, and for what the user names', () => {
    const config = {
      ...base.config,
      STACK_CLICKHOUSE_URL: 'http://clickhouse:8123',
      STACK_SVIX_SERVER_URL: 'http://10.1.2.3:8071',
    };
    const { NO_PROXY } = variables(withProxy({ url: URL_, noProxy: ['.acme.test'] }, { config }), 'server');
    const hosts = NO_PROXY!.value.split(',');
    expect(hosts).toEqual([...new Set(hosts)]);
    for (const host of [
      'localhost',
      '.svc',
      '.cluster.local',
      'hexclave-postgres',
      'hexclave-api',
      'clickhouse',
      '10.1.2.3',
      '.acme.test',
    ])
      expect(hosts).toContain(host);
  });

  it('is no business of CronJobs and stores, and curl is told so', () => {
    const files = {
      ...snapshotCases.evaluation!,
      yaml: `${snapshotCases.evaluation!.yaml}\nproxy: { url: '${URL_}' }\n`,
    };
    for (const { owner, template } of templatesOf(objectsOf(synthesize(files)))) {
      for (const container of containersOf(template)) {
        if (['server', 'migrate'].includes(container.name)) continue;
        expect(JSON.stringify(container.env ?? []), container.name).not.toContain('_PROXY');
        if (owner.kind === 'CronJob') expect(container.args.join(' ')).toContain('--noproxy *');
      }
    }
  });

  const out = (files: Files, client: 'server' | 'migration', address: string, port: number) =>
    letsOut(policiesOf(environmentOf(files))[client]!, { address, port }, 'by address');

  it.each(['server', 'migration'] as const)('is all of the internet that %s reaches', (client) => {
    const files = withProxy({ url: 'http://203.0.113.7:3128' });
    expect(out(files, client, '203.0.113.7', 3128)).toBe(true);
    expect(out(files, client, '203.0.113.8', 3128)).toBe(false);
    expect(out(files, client, '93.184.216.34', 443)).toBe(false);
    expect(out(base, 'server', '93.184.216.34', 443)).toBe(true);
  });

  it.each([
    [{ url: URL_ }, 3128],
    [{ url: 'http://proxy.acme.test' }, 80],
    [{ url: 'https://proxy.acme.test' }, 443],
    [{ url: 'http://[fd00::7]:8080' }, 8080],
    [{ url: { secret: 'proxy', key: 'url' } }, 3128],
    [{ url: { secret: 'proxy', key: 'url' }, port: 9090 }, 9090],
  ])('opens its own port: %j', (proxy, port) => {
    const address = JSON.stringify(proxy).includes('fd00') ? 'fd00::7' : '10.20.0.9';
    expect(out(withProxy(proxy), 'server', address, port)).toBe(true);
  });

  it('takes no way from what cannot be called through it', () => {
    const config = {
      ...base.config,
      STACK_CLICKHOUSE_URL: 'https://clickhouse.acme-corp.com',
      STACK_SVIX_SERVER_URL: 'https://svix.acme-corp.com:8443',
    };
    const files = withProxy({ url: URL_ }, { config });
    for (const port of [443, 5432]) expect(out(files, 'server', '93.184.216.34', port), String(port)).toBe(true);
    expect(out(files, 'server', '93.184.216.34', 8443)).toBe(false);
    expect(out({ ...base, config }, 'server', '93.184.216.34', 8443)).toBe(true);
  });

  it.each(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY'])(
    'sets %s, which then is nobody else’s',
    (name) => {
      const value = name === 'NODE_USE_ENV_PROXY' ? '1' : 'http://other.acme.test:80';
      const config = { ...base.config, [name]: value };
      expect(load({ ...base, config }).environment).toBeDefined();
      expect(load(withProxy({ url: URL_ }, { config })).findings).toContainEqual(
        expect.objectContaining({ rule: 'owned-variable', field: name }),
      );
    },
  );
});
