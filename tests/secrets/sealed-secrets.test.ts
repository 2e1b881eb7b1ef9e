/** @module-tag needs-openssl */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { guideSecrets, madeUp } from '../support/cases';
import { type CommandRun, command, envFile, scratchWith } from '../support/cli';
import { tool } from '../support/tools';

const MIGRATION = 'MIGRATION_DATABASE_CONNECTION_STRING';
const secrets = {
  ...guideSecrets,
  [MIGRATION]: `postgresql://owner:${madeUp('owner', 32)}@db.acme.test:5432/stackframe`,
};

describe('seal', () => {
  it('leaves every unchanged value as it is, so that git stays quiet', () => {
    const project = sealedProject();
    const before = sealedText(project);
    expect(seal(project).stdout).toContain('Nothing has changed');
    expect(sealedText(project)).toBe(before);
    setSecret(project, 'CRON_SECRET', madeUp('another cron'));
    expect(seal(project).stdout).toMatch(/encrypted anew: CRON_SECRET\n/);
    const [old, now] = [parse(before), parse(sealedText(project))];
    expect(Object.keys(now).filter((name) => now[name].ciphertext !== old[name].ciphertext)).toEqual(['CRON_SECRET']);
  });

  it('encrypts everything anew with --all, and still nothing counts as changed', () => {
    const project = sealedProject();
    const [before, manifests] = [parse(sealedText(project)), synth(project)];
    seal(project, '--all');
    const after = parse(sealedText(project));
    for (const name of Object.keys(secrets)) {
      expect(after[name].ciphertext).not.toBe(before[name].ciphertext);
      expect(after[name].fingerprint).toBe(before[name].fingerprint);
    }
    expect(synth(project)['40-server.k8s.yaml']).toBe(manifests['40-server.k8s.yaml']);
  });

  it('keeps values that secrets.env does not have, until they are pruned', () => {
    const project = sealedProject();
    const before = parse(sealedText(project));
    const { STACK_SERVER_SECRET } = guideSecrets;
    writeSecrets(project, { STACK_SERVER_SECRET: STACK_SERVER_SECRET!, STACK_SVIX_API_KEY: madeUp('svix') });
    expect(seal(project).stdout).toMatch(/encrypted anew: STACK_SVIX_API_KEY\n/);
    const after = parse(sealedText(project));
    expect(after).toMatchObject(before);
    expect(Object.keys(after).sort()).toEqual([...Object.keys(secrets), 'STACK_SVIX_API_KEY'].sort());
    writeSecrets(project, guideSecrets);
    expect(seal(project, '--prune').stdout).toMatch(
      /dropped: \S*MIGRATION_DATABASE_CONNECTION_STRING, STACK_SVIX_API_KEY/,
    );
    expect(Object.keys(parse(sealedText(project))).sort()).toEqual(Object.keys(guideSecrets).sort());
  });

  it('refuses to leave out a variable that is required, and writes nothing', () => {
    const project = sealedProject();
    const { CRON_SECRET: _, ...rest } = guideSecrets;
    writeSecrets(project, rest);
    expect(seal(project).code).toBe(0);
    const before = sealedText(project);
    const run = command(project.folder, ['seal', 'production', '--prune']);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/CRON_SECRET {2}The variable is required/);
    expect(sealedText(project)).toBe(before);
  });

  it('judges the values, for nobody can once they are sealed', () => {
    const project = sealedProject();
    setSecret(project, 'STACK_SERVER_SECRET', 'much-too-short');
    const run = command(project.folder, ['seal', 'production']);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('server-secret-weak');
  });

  it('says how to get the certificate when it is missing, and refuses one that is none', () => {
    const project = sealedProject();
    const missing = command(project.folder, ['seal', 'production', '--certificate', 'nowhere.pem', '--all']);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toContain('kubeseal --fetch-cert > nowhere.pem');
    writeFileSync(join(project.folder, 'broken.pem'), 'no certificate');
    const broken = command(project.folder, ['seal', 'production', '--certificate', 'broken.pem', '--all']);
    expect(broken).toMatchObject({ code: 1 });
    expect(broken.stderr).toContain('no certificate with an RSA key');
  });

  it('refuses a certificate that has expired, and warns of one that soon will', () => {
    const project = sealedProject();
    makeCertificate(project.folder, 'soon', ['-days', '5']);
    const soon = command(project.folder, ['seal', 'production', '--certificate', 'soon.pem', '--all']);
    expect(soon.code).toBe(0);
    expect(soon.stderr).toMatch(/soon\.pem {2}secrets\.certificate {2}The certificate expires in [45] days/);
    expireCertificate(project.folder);
    const expired = command(project.folder, ['seal', 'production', '--certificate', 'expired.pem', '--all']);
    expect(expired.code).toBe(1);
    expect(expired.stderr).toContain('certificate-expired');
    const check = command(project.folder, ['check', 'production']);
    expect(check.stdout).not.toContain('certificate-');
    writeFileSync(join(project.environment, 'certificate.pem'), readFileSync(join(project.folder, 'expired.pem')));
    expect(command(project.folder, ['check', 'production']).stdout).toContain('certificate-expired');
  });

  it.each([
    ['is missing', undefined, 'certificate.pem is not there'],
    ['is none', () => 'no certificate', 'is no certificate with an RSA key'],
    ['is a folder', (file: string) => void mkdirSync(file), 'certificate.pem: it is a folder'],
  ])('is beside a certificate that %s, which the check says among all else it finds', (_, make, message) => {
    const project = sealedProject();
    const file = join(project.environment, 'certificate.pem');
    rmSync(file);
    const text = make?.(file);
    if (text) writeFileSync(file, text);
    const config = join(project.environment, 'config.env');
    const before = readFileSync(config, 'utf8');
    writeFileSync(config, before.replace(/^NEXT_PUBLIC_STACK_API_URL=.*$/m, ''));
    const run = command(project.folder, ['check', 'production', '--format', 'json']);
    expect(run).toMatchObject({ code: 1, stderr: '' });
    const { findings } = JSON.parse(run.stdout);
    const rule = (of: string) => findings.find((finding: { rule: string }) => finding.rule === of);
    expect(rule('required-missing')).toMatchObject({ field: 'NEXT_PUBLIC_STACK_API_URL' });
    expect(rule('certificate-invalid')).toMatchObject({
      severity: 'warning',
      file: 'environments/production/certificate.pem',
      message: expect.stringContaining(message),
      fix: expect.stringContaining('kubeseal --fetch-cert'),
    });
    writeFileSync(config, before);
    expect(command(project.folder, ['seal', 'production', '--all']).stderr).toContain(message);
  });

  it('is needed again after a change of namespace, which the check says', () => {
    const project = sealedProject();
    edit(project, (yaml) => yaml.replace('hexclave-production', 'auth'));
    const check = command(project.folder, ['check', 'production']);
    expect(check.code).toBe(1);
    expect(check.stdout.match(/sealed-for-elsewhere/g)).toHaveLength(Object.keys(secrets).length);
    expect(seal(project).stdout).toContain('encrypted anew: CRON_SECRET');
    expect(command(project.folder, ['check', 'production']).code).toBe(0);
  });
});

describe('what seal makes', { tags: 'needs-kubeseal' }, () => {
  it.each(['strict', 'namespace-wide', 'cluster-wide'])('is opened by the real kubeseal in the scope %s', (scope) => {
    const project = sealedProject(scope);
    const files = synth(project);
    const opened = {
      ...open(project, files['12-secret-source.k8s.yaml']!),
      ...open(project, files['13-migration-secret-source.k8s.yaml']!),
    };
    expect(opened).toEqual(secrets);
  });

  it.each([
    ['strict', 'namespace: auth', false],
    ['namespace-wide', 'namespace: auth', false],
    ['cluster-wide', 'namespace: auth', true],
    ['strict', 'name: other', false],
    ['namespace-wide', 'name: other', true],
  ])('in the scope %s, moved to "%s", is opened: %s', (scope, change, opens) => {
    const project = sealedProject(scope);
    const [field] = change.split(':');
    const original = synth(project)['12-secret-source.k8s.yaml']!;
    const moved = original.replaceAll(new RegExp(`^( +)${field}: .*$`, 'gm'), `$1${change}`);
    expect(moved).not.toBe(original);
    if (opens) expect(open(project, moved)).toMatchObject({ CRON_SECRET: guideSecrets.CRON_SECRET });
    else expect(() => open(project, moved)).toThrow('no key could decrypt secret');
  });

  it('is still opened after a change of the certificate, as the controller keeps its old keys', () => {
    const project = sealedProject();
    makeCertificate(project.folder, 'next', ['-days', '3650']);
    setSecret(project, 'CRON_SECRET', madeUp('another cron'));
    seal(project, '--certificate', 'next.pem');
    const text = synth(project)['12-secret-source.k8s.yaml']!;
    const values = tool('kubeseal', ['--recovery-unseal', '--recovery-private-key', 'key.pem,next.key', '-o', 'yaml'], {
      cwd: project.folder,
      input: text,
    });
    expect(decoded(parse(values).data)).toEqual({ ...guideSecrets, CRON_SECRET: madeUp('another cron') });
  });
});

interface Project {
  readonly folder: string;
  readonly environment: string;
}

/** A project whose production is sealed for a controller of the test's own. */
function sealedProject(scope = 'strict'): Project {
  const folder = scratchWith('production');
  const project = { folder, environment: join(folder, 'environments', 'production') };
  edit(project, (yaml) => `${yaml}secrets: { mode: sealed-secrets, scope: ${scope} }\n`);
  makeCertificate(folder, 'key', ['-days', '3650']);
  writeFileSync(join(project.environment, 'certificate.pem'), readFileSync(join(folder, 'key.pem')));
  spawnSync('mv', [join(folder, 'key.key'), join(folder, 'key.pem')]);
  writeSecrets(project, secrets);
  seal(project);
  return project;
}

function edit({ environment }: Project, change: (yaml: string) => string): void {
  const file = join(environment, 'environment.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function writeSecrets({ environment }: Project, values: Record<string, string>): void {
  writeFileSync(join(environment, 'secrets.env'), envFile(values));
}

function setSecret(project: Project, name: string, value: string): void {
  writeSecrets(project, { ...secrets, [name]: value });
}

function seal({ folder }: Project, ...options: string[]): CommandRun {
  const run = command(folder, ['seal', 'production', ...options]);
  if (run.code !== 0) throw new Error(run.stderr);
  return run;
}

function sealedText({ environment }: Project): string {
  return readFileSync(join(environment, 'secrets.sealed.yaml'), 'utf8');
}

function synth({ folder }: Project): Record<string, string> {
  const run = command(folder, ['synth', 'production']);
  if (run.code !== 0) throw new Error(run.stderr);
  const names = ['12-secret-source', '13-migration-secret-source', '30-migration', '40-server'];
  return Object.fromEntries(
    names.map((name) => [
      `${name}.k8s.yaml`,
      readFileSync(join(folder, 'dist', 'production', `${name}.k8s.yaml`), 'utf8'),
    ]),
  );
}

/** What the controller with the test's key would make of a SealedSecret. */
function open({ folder }: Project, text: string): Record<string, string> {
  const args = ['--recovery-unseal', '--recovery-private-key', 'key.pem', '-o', 'yaml'];
  expect(parseAllDocuments(text)).toHaveLength(1);
  return decoded(parse(tool('kubeseal', args, { cwd: folder, input: text })).data);
}

function decoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]),
  );
}

function makeCertificate(folder: string, name: string, options: readonly string[]): void {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  openssl(folder, ['req', '-x509', ...key, '-out', `${name}.pem`, '-subj', '/CN=sealed-secrets', ...options]);
}

/** `req -x509` cannot end in the past; a little authority can. */
function expireCertificate(folder: string): void {
  openssl(folder, [
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'e.key',
    '-out',
    'e.csr',
    '-subj',
    '/CN=e',
  ]);
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(
    join(folder, 'ca.cnf'),
    '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n',
  );
  const span = ['-startdate', '20200101000000Z', '-enddate', '20210101000000Z'];
  openssl(folder, [
    'ca',
    '-batch',
    '-config',
    'ca.cnf',
    '-selfsign',
    '-keyfile',
    'e.key',
    '-in',
    'e.csr',
    '-out',
    'expired.pem',
    '-notext',
    ...span,
  ]);
}

function openssl(folder: string, args: readonly string[]): void {
  const run = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`openssl: ${run.error ?? run.stderr}`);
}
