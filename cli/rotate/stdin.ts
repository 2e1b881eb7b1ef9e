import { isUtf8 } from 'node:buffer';
import { readStdin } from '../../config/read-named';
import { Failure } from '../failure';

/** All of standard input without the line break that editors and echo put behind it, and otherwise to the byte. */
export function fromStdin(): string {
  const bytes = readStdin();
  if (!isUtf8(bytes)) {
    throw new Failure('What came on standard input is no UTF-8, and an env file holds nothing else', 1);
  }
  const text = bytes.toString().replace(/\r?\n$/, '');
  if (text.startsWith('\ufeff')) {
    throw new Failure('What came on standard input starts with a byte order mark', 1, 'Save it as UTF-8 without one.');
  }
  return text;
}
