import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { neededKinds } from '../../cli/preflight/kinds';
import { origins } from '../../cluster/definitions';
import { contract } from '../../config/contract';
import { synthesize } from '../support/cases';
import { type CommandRun, command, scratchWith } from '../support/cli';
import { edgeCases } from '../support/edge-cases';
import { objectsOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

// What a cluster answers is in tests/cluster/secrets.test.ts; here there is none.

it('preflight says so when kubectl is not installed', () => {
  const folder = existing();
  mkdirSync(join(folder, 'empty'));
  const run = command(folder, ['preflight', 'production'], { env: { PATH: join(folder, 'empty') } });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('The program kubectl is not installed');
});

it('preflight asks the cluster nothing when the manifests hold all that the pods read', () => {
  const folder = scratchWith('production');
  mkdirSync(join(folder, 'empty'));
  const run = command(folder, ['preflight', 'production'], { env: { PATH: join(folder, 'empty') } });
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('Complete: the manifests hold all that the pods read');
});

it('preflight does not ask the cluster about an environment that has errors', () => {
  const folder = existing();
  writeFileSync(join(folder, 'environments/production/config.env'), '');
  mkdirSync(join(folder, 'empty'));
  const run = command(folder, ['preflight', 'production'], { env: { PATH: join(folder, 'empty') } });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('The cluster was not asked');
});

it('preflight names the same missing keys to programs as to people, of a Secret that is there and of one that is not', () => {
  const required = contract.filter((item) => item.secret && item.required).map((item) => item.name);
  const run = (script: string) => {
    const { code, stdout } = asked(existing(script), '--format', 'json');
    const { objects, findings } = JSON.parse(stdout);
    return { code, findings, given: objects.find(({ name }: { name: string }) => name === 'given') };
  };
  const there = run('printf "found\\nCRON_SECRET\\nSTACK_SVIX_API_KEY\\n"');
  const lacking = required.filter((name) => name !== 'CRON_SECRET').sort();
  expect(there).toMatchObject({ code: 1, given: { found: true, missing: lacking } });
  const fields = there.findings.filter(({ rule }: { rule: string }) => rule === 'required-missing');
  expect(fields.map(({ field }: { field: string }) => field).sort()).toEqual(lacking);
  const absent = run('exit 0');
  expect(absent).toMatchObject({ code: 1, given: { found: false, missing: [...required].sort() } });
  expect(absent.findings).toContainEqual(
    expect.objectContaining({ rule: 'cluster-object-missing', fix: expect.stringContaining(lacking.join(', ')) }),
  );
});

it.each([
  ['exit 3', 'it ended with 3 and said nothing'],
  ['kill -9 $$', 'it was ended by SIGKILL'],
  ['echo "no route to host" >&2; exit 1', 'no route to host'],
])('preflight says why kubectl failed, also when it does not say so itself: %s', (script, reason) => {
  const run = asked(existing(script));
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(`kubectl cannot read the Secret given: ${reason}\n`);
});

describe('the kinds of objects that a cluster does not know', () => {
  // As the API server answers /apis/<group>/<version>: kubectl prints it as it is.
  const knows = (...kinds: string[]) =>
    JSON.stringify({
      kind: 'APIResourceList',
      resources: kinds.flatMap((kind) => [
        { name: `${kind.toLowerCase()}s`, kind },
        { name: `${kind.toLowerCase()}s/status`, kind },
      ]),
    });
  const UNKNOWN = 'echo "Error from server (NotFound): the server could not find the requested resource" >&2; exit 1';
  const monitored = 'monitoring: { prometheus: { prober: "blackbox.monitoring:9115" } }\n';

  it('are each found, with what brings it and the field that asks for it', () => {
    const folder = withKubectl(UNKNOWN, monitored);
    const run = asked(folder);
    expect(run.code).toBe(1);
    for (const object of ['Probe hexclave', 'PrometheusRule hexclave']) {
      const [kind] = object.split(' ');
      expect(run.stdout).toContain(`${object}  The cluster does not know the kind ${kind} of monitoring.coreos.com/v1`);
    }
    expect(run.stdout).toContain('Install or upgrade the Prometheus operator, with its definitions');
    expect(run.stdout).toContain('change monitoring.prometheus. [cluster-kind-unknown]');
    expect(run.stdout.match(/^error/gm)).toHaveLength(2);
  });

  it('are found where the cluster has others of the same API, and for programs', () => {
    const { code, stdout } = asked(withKubectl(`echo '${knows('Probe')}'`, monitored), '--format', 'json');
    expect(code).toBe(1);
    const { findings, kinds } = JSON.parse(stdout);
    expect(kinds).toEqual([
      { apiVersion: 'monitoring.coreos.com/v1', kind: 'Probe', found: true },
      { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', found: false },
    ]);
    expect(findings.map(({ field }: { field: string }) => field)).toEqual(['PrometheusRule hexclave']);
  });

  it('are those of extra/, too, and none once what brings them is there', () => {
    const folder = withKubectl(
      `case "$3" in */monitoring.coreos.com/v1) echo '${knows('Probe', 'PrometheusRule')}';; *) ${UNKNOWN};; esac`,
      monitored,
    );
    const extra = join(folder, 'environments/production/extra');
    mkdirSync(extra);
    writeFileSync(
      join(extra, 'team.yaml'),
      JSON.stringify({ apiVersion: 'acme.test/v1', kind: 'Team', metadata: { name: 'identity' } }),
    );
    expect(asked(folder).stdout).toContain('Install or upgrade the controller of acme.test, with its definitions.');
    rmSync(extra, { recursive: true });
    const complete = asked(folder);
    expect(complete.stdout).toContain('Complete: the cluster knows every kind of object');
    expect(complete.code).toBe(0);
  });

  it.each([
    ['echo "<html>"', 'What answers for monitoring.coreos.com/v1 is no API of Kubernetes'],
    [
      'echo "Error from server (Forbidden): forbidden: no" >&2; exit 1',
      'You may not ask what monitoring.coreos.com/v1',
    ],
    ['echo "error: You must be logged in to the server (Unauthorized)" >&2; exit 1', 'The cluster does not know you'],
  ])('are not guessed when it does not say: %s', (script, said) => {
    const run = asked(withKubectl(script, monitored));
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining(said) });
  });

  it('come from somewhere that is known, whatever field has put them there, and nothing else is', () => {
    const all = [...Object.values(snapshotCases), ...Object.values(edgeCases)];
    const objects = all.flatMap((files) => objectsOf(synthesize(files)).map(({ object }) => object));
    const groups = new Set(neededKinds(objects).map(({ apiVersion }) => apiVersion.split('/')[0]));
    expect([...groups].sort()).toEqual(Object.keys(origins));
  });
});

function asked(folder: string, ...options: string[]): CommandRun {
  return command(folder, ['preflight', 'production', ...options], { env: { PATH: `${folder}:${process.env.PATH}` } });
}

/** An environment whose Secret is in the cluster, and what stands in for kubectl. */
function existing(kubectl?: string): string {
  const folder = scratchWith('production');
  const file = join(folder, 'environments/production/environment.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}secrets: { mode: existing, name: given }\n`);
  if (kubectl) standIn(folder, kubectl);
  return folder;
}

/** An environment whose manifests hold all that the pods read, with more in its environment.yaml. */
function withKubectl(kubectl: string, more: string): string {
  const folder = scratchWith('production');
  const file = join(folder, 'environments/production/environment.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}${more}`);
  standIn(folder, kubectl);
  return folder;
}

function standIn(folder: string, kubectl: string): void {
  writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n${kubectl}\n`);
  chmodSync(join(folder, 'kubectl'), 0o755);
}
