import { describe, expect, it } from 'vitest';
import { scripts } from '../../charts/scripts';
import { verbatim } from '../../charts/variables';
import { canonicalName, ownerOf, variable } from '../../config/contract';
import { environmentOf, type Files, load, synthesize } from '../support/cases';
import { edgeCases } from '../support/edge-cases';
import { containersOf, type KubeObject, objectsOf, templatesOf } from '../support/objects';
import { snapshotCases } from '../support/snapshot-cases';

const cases = [...Object.values(snapshotCases), ...Object.values(edgeCases)];
const containers = cases.flatMap((files) => {
  const { settings, literals } = environmentOf(files);
  return containersIn(files).map((container) => ({ container, settings, literals }));
});
/** Those of the server's image: the user's variables reach them, or they stand beside one that gets them. */
const own = containers.filter(({ container, settings }) => container.image.includes(settings.image.repository));

/** What the manifests set only while the user does not. */
const YIELDING = ['KEEP_ALIVE_TIMEOUT', 'NODE_OPTIONS'];

describe('a name that the manifests set in a container of the server’s image', () => {
  const names = own.flatMap(({ container, settings, literals }) =>
    (container.env as KubeObject[])
      .filter(({ name, value }) => value !== undefined && !(name in literals) && !YIELDING.includes(name))
      .map(({ name }) => ({ name, settings })),
  );

  it('belongs to the manifests in the contract, so that a line with it is an error', () => {
    expect(new Set(own.map(({ container }) => container.name))).toEqual(
      new Set(['server', 'migrate', 'release-gate', 'backup-migrations']),
    );
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['HOME', 'GATE', 'NODE_EXTRA_CA_CERTS']));
    for (const { name, settings } of names) expect(ownerOf(name, settings), name).toBe('manifests');
  });
});

describe('a name that a script reads in a container of the server’s image', () => {
  const texts = own.flatMap(({ container }) => stringsIn(container));
  const running = Object.entries(scripts).filter(([, text]) => texts.includes(text) || texts.includes(verbatim(text)));

  it.each(running)(
    'is a variable of the contract, and nobody’s to set unless the server reads it too: %s',
    (_, text) => {
      const names = namesReadIn(text);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const known = variable(canonicalName(`STACK_${name}`)) ?? variable(name);
        expect(known && (known.required || ownerOf(known.name)), name).toBeTruthy();
      }
    },
  );

  it('is looked for in every script that runs there', () => {
    expect(running.map(([name]) => name)).toEqual(['start', 'drain', 'ready', 'gate', 'migrate', 'backupMigrations']);
  });
});

describe('a variable that comes from another Secret', () => {
  const emitted = containers.flatMap(({ container }) => (container.env ?? []).map(({ name }: KubeObject) => name));
  const names = [...new Set<string>([...emitted, ...YIELDING])].sort();

  it.each(names)('is refused, or is in no container twice: %s', (name) => {
    const { STACK_DATABASE_CONNECTION_STRING: url, ...others } = snapshotCases.guide!.secrets!;
    const files = {
      ...snapshotCases.guide!,
      yaml: `${snapshotCases.guide!.yaml}\ncaBundle: { configMap: ca }\nenv: { ${name}: { secret: foo, key: bar } }\n`,
      secrets:
        name === 'STACK_DATABASE_CONNECTION_STRING' ? others : { ...others, STACK_DATABASE_CONNECTION_STRING: url! },
    };
    const { environment, findings } = load(files);
    if (!environment) {
      expect(findings).toContainEqual(expect.objectContaining({ severity: 'error', field: name }));
      return;
    }
    for (const container of containersIn(files)) {
      const set = (container.env ?? []).map((item: KubeObject) => item.name);
      expect(set, container.name).toEqual([...new Set(set)]);
    }
  });
});

function containersIn(files: Files): KubeObject[] {
  return templatesOf(objectsOf(synthesize(files))).flatMap(({ template }) => containersOf(template));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** In a shell script the names in capitals behind a dollar, in a program all in capitals that are a text of their own. */
function namesReadIn(text: string): string[] {
  const read = text.startsWith('import ')
    ? /process\.env\.([A-Z][A-Z0-9_]+)|'([A-Z][A-Z0-9_]{2,}[A-Z0-9])'/g
    : /\$\{?([A-Z][A-Z0-9_]+)|-v ([A-Z][A-Z0-9_]+)/g;
  const names = [...text.matchAll(read)].map(([, a, b]) => (a ?? b)!);
  return [...new Set(names)].filter((name) => !NOT_GIVEN.includes(name));
}

/** What the shell sets itself, a signal, and a statement of SQL. */
const NOT_GIVEN = ['PWD', 'BASHPID', 'SIGTERM', 'COMMIT'];
