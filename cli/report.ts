import { compareFindings, type Finding } from '../config/finding';
import { err, out, paint } from './terminal';

/** Prints findings and their number for people, of very many of a kind the first. Prints nothing when there are none. */
export function report(findings: readonly Finding[], stream: 1 | 2 = 2): void {
  if (findings.length === 0) return;
  const shown = new Map<string, number>();
  const paragraphs = [...findings].sort(compareFindings).flatMap((finding) => {
    const kind = `${finding.rule} ${finding.file}`;
    const before = shown.get(kind) ?? 0;
    shown.set(kind, before + 1);
    return before < MOST_OF_A_KIND ? [paragraph(finding, stream)] : [];
  });
  const left = findings.length - paragraphs.length;
  const rest = left > 0 ? `${left} more are like those above; --format json of check lists all.\n` : '';
  (stream === 1 ? out : err)(`${paragraphs.join('')}${rest}\n${summary(findings)}\n`);
}

/** So many findings of one rule in one file are read; hundreds hide the others. */
const MOST_OF_A_KIND = 20;

/** Findings for programs, and what else a command has to say. */
export function json(findings: readonly Finding[], rest: object): string {
  return `${JSON.stringify({ findings: [...findings].sort(compareFindings), ...rest }, null, 2)}\n`;
}

/** `2 errors, 1 warning`, or `no problems`. */
export function summary(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const parts = [count(errors, 'error'), count(findings.length - errors, 'warning')];
  return parts.filter((part) => part).join(', ') || 'no problems';
}

/** One line that tools can take apart (`file:line` is a link in most terminals), then the way out. */
function paragraph({ severity, file, line, field, message, fix, rule }: Finding, stream: 1 | 2): string {
  const label = paint(stream, severity === 'error' ? 'red' : 'yellow', severity.padEnd(7));
  const place = line > 0 ? `${file}:${line}` : file;
  return `${label}  ${place}  ${paint(stream, 'bold', field)}  ${message}\n${' '.repeat(9)}${fix} ${paint(stream, 'dim', `[${rule}]`)}\n`;
}

function count(number: number, noun: string): string {
  return number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`;
}
