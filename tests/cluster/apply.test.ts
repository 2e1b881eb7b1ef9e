import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOf } from '../support/cases';
import { edgeCases } from '../support/edge-cases';
import { snapshotCases } from '../support/snapshot-cases';
import { applyReducedDefinitions } from './fixtures/definitions';
import { versions, withFolder } from './fixtures/environment';
import { apply, kubectl, tryKubectl } from './lib/kubectl';
import { restricted } from './lib/pods';
import { eventually } from './lib/wait';

/** The one warning there may be: GKE's controller reads the class in the annotation alone. */
const DEPRECATED = /^Warning: annotation "kubernetes\.io\/ingress\.class" is deprecated.*\n/gm;

beforeAll(applyReducedDefinitions);

/** Without SOPS: Flux and its like decrypt those files before they apply them, and nothing else can take them. */
const cases = Object.entries(snapshotCases).filter(([, { yaml }]) => !/mode: sops/.test(yaml));

const EVERY_POD = {
  labels: { team: 'auth' },
  nodeSelector: { pool: 'auth' },
  tolerations: [{ key: 'auth', operator: 'Exists' }],
};

describe.each(cases)('the manifests of the case %s', (_, files) => {
  const namespace = environmentOf(files).namespace;

  beforeAll(async () => {
    await apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: restricted } },
      // No pods: their images are not here, and what is tested is what the API server takes.
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'no-pods', namespace },
        spec: { hard: { pods: '0' } },
      },
    ]);
  });

  it('are taken by a strict server-side apply without a warning; a second one changes nothing, and a change is taken', async () => {
    await withFolder(files, async (folder) => {
      const run = () => tryKubectl(['apply', '--server-side', '--validate=strict', '-f', folder]);
      expect(await run()).toMatchObject({ code: 0, stderr: '' });
      const before = await versions(files);
      expect(await run()).toMatchObject({ code: 0, stderr: '' });
      expect(await versions(files)).toEqual(before);
      // A controller that writes a status between the two looks of one diff makes a difference that is none.
      const diff = async () => (await tryKubectl(['diff', '--server-side', '-f', folder])).stdout === '';
      await eventually('a diff without a difference', diff, 60);
    });
    // What pods get from here is in Jobs and StatefulSets too, whose content the API server refuses to change.
    const changed = { ...files, yaml: `${JSON.stringify({ ...parse(files.yaml), ...EVERY_POD })}\n` };
    await withFolder(changed, async (folder) => {
      const flags = ['--server-side', '--dry-run=server', '--validate=strict'];
      expect(await tryKubectl(['apply', ...flags, '-f', folder])).toMatchObject({ code: 0, stderr: '' });
    });
    await kubectl(['delete', 'namespace', namespace, '--wait=true'], { timeout: 170_000 });
  });
});

describe('every edge', () => {
  const namespace = environmentOf(edgeCases.none).namespace;

  beforeAll(() => apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: restricted } }]));
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--wait=false']));

  it.each(Object.entries(edgeCases))(
    'of the case %s would be taken by a strict apply without a warning',
    async (_, files) => {
      await withFolder(files, async (folder) => {
        const flags = ['--server-side', '--dry-run=server', '--validate=strict'];
        const { code, stderr } = await tryKubectl(['apply', ...flags, '-f', folder]);
        expect({ code, stderr: stderr.replace(DEPRECATED, '') }).toEqual({ code: 0, stderr: '' });
      });
    },
  );
});
