import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceFiles } from '../../cli/reference';
import { root } from '../support/cli';

describe('the generated reference', () => {
  it.each([...referenceFiles()])('is what `npm run generate` writes today: %s', (file, text) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });
});
