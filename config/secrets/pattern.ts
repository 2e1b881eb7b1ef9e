/** One character or a short unit again and again, few characters in all, or a row of the alphabet or the keyboard. */
export function isPattern(text: string): boolean {
  const bare = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  if (bare === '') return text.length > 2 && new Set(text).size <= 2;
  const different = new Set(bare).size;
  if (bare.length >= 3 && different === 1) return true;
  if (bare.length >= 8 && different === 2) return true;
  if (bare.length >= 16 && different === 3) return true;
  if (bare.length >= 26 && different <= 4) return true;
  return isRepeated(bare) || isRow(bare);
}

function isRepeated(text: string): boolean {
  if (text.length < 8) return false;
  for (let unit = 1; unit <= text.length / 2; unit++) {
    if (text[unit] === text[0] && text.startsWith(text.slice(unit))) return true;
  }
  return false;
}

/** Whether runs of at least four neighbours make up most of the text. */
export function isRow(text: string): boolean {
  if (text.length < 4) return false;
  let covered = 0;
  let start = 0;
  for (let index = 1; index <= text.length; index++) {
    const goesOn =
      index < text.length &&
      step(text, index) !== undefined &&
      (index - start < 2 || step(text, index) === step(text, index - 1));
    if (goesOn) continue;
    if (index - start >= 4) covered += index - start;
    start = index < text.length && index - start >= 2 && step(text, index) !== undefined ? index - 1 : index;
  }
  return covered >= Math.max(4, text.length * 0.7);
}

function step(text: string, index: number): string | undefined {
  const [a, b] = [text[index - 1]!, text[index]!];
  if (a === b) return 'same';
  for (const row of ROWS) {
    const [x, y] = [row.indexOf(a), row.indexOf(b)];
    if (x < 0 || y < 0) continue;
    if (y - x === 1 || (row === ROWS[0] && x === 9 && y === 0)) return 'up';
    if (x - y === 1) return 'down';
  }
  return undefined;
}

const ROWS = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '9abcdef',
  '1234567890',
];
