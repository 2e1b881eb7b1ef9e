import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { configurationFiles, containerFiles, containerPath, containerText } from '../support/container-files';

const scripts = containerFiles.filter((name) => name.endsWith('.sh'));
const programs = containerFiles.filter((name) => name.endsWith('.mjs'));

test('every file that runs in a pod is a shell script or a Node program', () => {
  expect(scripts).toEqual([
    'backup-common.sh',
    'backup-migrations.sh',
    'backup-programs.sh',
    'backup.sh',
    'buckets.sh',
    'call.sh',
    'clickhouse.sh',
    'drain.sh',
    'postgres.sh',
    'ready.sh',
    'restore.sh',
    'start.sh',
    'svix-database.sh',
    'svix.sh',
  ]);
  expect(programs).toEqual([
    'admin-reset.mjs',
    'probe.mjs',
    'release-database.mjs',
    'release-gate.mjs',
    'release-migrate.mjs',
  ]);
  expect([...scripts, ...programs].sort()).toEqual(containerFiles);
});

test.each(scripts)('shellcheck has nothing to say about %s', { tags: 'needs-shellcheck' }, (name) => {
  const result = spawnSync('shellcheck', ['--severity=style', containerPath(name)], { encoding: 'utf8' });
  expect(result.stdout + result.stderr).toBe('');
  expect(result.status).toBe(0);
});

test.each(programs)('node parses %s', (name) => {
  const result = spawnSync(process.execPath, ['--check', containerPath(name)], { encoding: 'utf8' });
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
});

test.each(programs)('%s imports only what Node brings along, and its neighbours', (name) => {
  const imported = [...containerText(name).matchAll(/^import [^;]*? from '(.*)';$/gm)].map((match) => match[1]!);
  expect(imported.length).toBeGreaterThan(0);
  for (const module of imported) {
    if (!module.startsWith('node:')) expect(programs.map((program) => `./${program}`)).toContain(module);
  }
});

// A container's command and arguments go through Kubernetes, which replaces $(NAME) and turns $$ into $, and often
// through Flux, which replaces ${NAME}.
test.each(containerFiles)('%s arrives in the pod as it is written', (name) => {
  const text = containerText(name);
  expect(text).not.toMatch(/\$\([A-Za-z_][A-Za-z0-9_]*\)/);
  expect(text).not.toContain('$$');
  expect(text).not.toContain('${');
  if (programs.includes(name)) expect(text).not.toContain('$(');
});

test.each(configurationFiles)('%s holds nothing that Flux would replace', (path) => {
  expect(containerText(path)).not.toContain('${');
});
