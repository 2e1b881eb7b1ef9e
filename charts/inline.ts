/**
 * What a manifest carries of a file in `container/`: the lines that do something. Comments and blank lines are for who reads
 * the file, and `kubectl describe` prints the copy. A comment is left out when it has lines of its own, so none is searched
 * for inside code; that nothing else goes, bash's and esbuild's parsers say of every file (tests/container/inline.test.ts).
 */
export function shellWithoutComments(text: string): string {
  const hereDocuments: string[] = [];
  return kept(text, (line) => {
    if (hereDocuments.length > 0) {
      if (line.replace(/^\t+/, '') === hereDocuments[0]) hereDocuments.shift();
      return true;
    }
    if (/^\s*(#|$)/.test(line)) return false;
    for (const [, single, double, word] of line.matchAll(HERE_DOCUMENT))
      hereDocuments.push((single ?? double ?? word)!);
    return true;
  });
}

/** The same of a module. A template literal of more than one line would be searched as well: there are none. */
export function moduleWithoutComments(text: string): string {
  let inside = false;
  return kept(text, (line) => {
    const comment = inside || /^\s*\/\*/.test(line);
    inside = comment && !line.trimEnd().endsWith('*/');
    return !comment && !/^\s*(\/\/|$)/.test(line);
  });
}

/**
 * A module and those beside it that it imports, as one: `node --eval` has no folder to import from. `read` gives the text
 * of a module by its name. An import of Node's that two of them make is written once, so both have to write it alike.
 */
export function oneModule(name: string, read: (name: string) => string): string {
  const seen = new Set<string>();
  const imports = new Set<string>();
  const bodies: string[] = [];
  collect(name);
  return [...imports, ...bodies].join('');

  function collect(module: string): void {
    if (seen.has(module)) return;
    seen.add(module);
    const body = moduleWithoutComments(read(module)).replace(IMPORT, (statement, from: string) => {
      if (from.startsWith('./')) collect(from.slice(2));
      else imports.add(statement);
      return '';
    });
    bodies.push(module === name ? body : body.replace(/^export /gm, ''));
  }
}

/** `<<<` is another thing. What only looks like one, as in $((1<<2)), lets more lines stay than it has to. */
const HERE_DOCUMENT = /(?<!<)<<-?\s*(?:'([^']+)'|"([^"]+)"|\\?(\w+))/g;

const IMPORT = /^import [^;]*? from '([^']+)';\n/gm;

function kept(text: string, keeps: (line: string) => boolean): string {
  return `${text.trimEnd().split('\n').filter(keeps).join('\n')}\n`;
}
