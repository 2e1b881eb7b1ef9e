/** JSON as the formatter of this project lays it out, so that a generated file passes its check: lists that fit on a line stay on it. */
export function formatJson(value: unknown): string {
  return `${node(value, '', 0)}\n`;
}

const WIDTH = 120;

function node(value: unknown, indent: string, column: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const plain = value.every((item) => typeof item !== 'object');
    if (plain && column + line.length < WIDTH) return line;
    return `[\n${value.map((item) => deeper + node(item, deeper, deeper.length)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const start = `${deeper}${JSON.stringify(key)}: `;
    return start + node(item, deeper, start.length);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
