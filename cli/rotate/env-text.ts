import { canonicalName } from '../../config/contract';
import { envLine, parseEnvFile } from '../../config/env-file';

/**
 * The text of an env file with a variable set to a new value, in every line and under every spelling it stands in;
 * everything else stays byte for byte. Undefined when the syntax cannot hold the value.
 */
export function withValue(text: string, variable: string, value: string): string | undefined {
  if (value === '' || envLine(variable, value) === undefined) return undefined;
  const lines = text.split('\n');
  const entries = parseEnvFile(text, '').entries.filter((entry) => canonicalName(entry.name) === variable);
  for (const { name, line } of entries) {
    const old = lines[line - 1]!;
    const before = old.slice(0, old.indexOf('='));
    lines[line - 1] = `${before}=${value}${old.endsWith('\r') ? '\r' : ''}`;
    if (envLine(name, value) === undefined) return undefined;
  }
  if (entries.length > 0) return lines.join('\n');
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${variable}=${value}\n`;
}
