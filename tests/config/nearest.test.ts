import { describe, expect, test } from 'vitest';
import { nearest } from '../../config/nearest';

describe('nearest', () => {
  test('counts a swap of neighbours once, and takes the first of equals', () => {
    expect(nearest('relpicas', ['registry', 'replicas'])).toBe('replicas');
    expect(nearest('abcd', ['abce', 'abcf'])).toBe('abce');
  });

  test('finds nothing that differs in more than a third of the letters', () => {
    expect(nearest('egde', ['namespace', 'edge'])).toBe('edge');
    expect(nearest('abc', ['xyc'])).toBeUndefined();
    expect(nearest('', ['a'])).toBeUndefined();
  });
});
