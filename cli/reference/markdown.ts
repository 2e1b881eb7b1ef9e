/** First line of every generated page. */
export const NOTICE = '<!-- Made by `npm run generate`; change what it is made from. -->';

/** A table of Markdown. Cells are Markdown; bars in them are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

/** Text set as code, also when it holds backticks. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Text that may hold what looks like a tag. */
export function prose(text: string): string {
  return text.replace(/</g, '&lt;');
}
