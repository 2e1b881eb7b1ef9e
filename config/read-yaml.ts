import {
  type Document,
  type DocumentOptions,
  type ErrorCode,
  isAlias,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  type ParseOptions,
  parseAllDocuments,
  parseDocument,
  type SchemaOptions,
  visit,
} from 'yaml';

/** Why a text cannot be read as YAML. Never with a part of the text, which may be a secret. */
export interface YamlProblem {
  readonly line: number;
  /** A sentence. */
  readonly message: string;
  readonly fix: string;
}

/** A YAML text, as nodes with their places and as the value they stand for. */
export interface Yaml {
  /** Undefined or null for a text without contents. */
  readonly contents: ParsedNode | null | undefined;
  /** Undefined when there are problems. */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  /** Line of a node; 0 when it has none. */
  lineOf(node: unknown): number;
}

/**
 * Reads a text that holds one YAML document. The parser's own messages are not shown, for they quote what they are about:
 * `PASSWORD: !x` and `PASSWORD: *x` are what a password looks like that was not put in quotes.
 */
export function readYaml(text: string): Yaml {
  return guarded((lines) => inspected(parseDocument(text, options(lines)), lines));
}

/** Reads a text of any number of documents in the same way. */
export function readYamlDocuments(text: string): readonly Yaml[] {
  const read = guarded((lines): readonly Yaml[] => {
    const documents = parseAllDocuments(text, options(lines));
    return 'empty' in documents ? [] : documents.map((document) => inspected(document, lines));
  });
  return 'problems' in read ? [read] : read;
}

/** Warnings would be printed with a part of the text. */
function options(lineCounter: LineCounter): ParseOptions & DocumentOptions & SchemaOptions {
  return { lineCounter, prettyErrors: false, logLevel: 'error', uniqueKeys: false };
}

/** A stack that is too small for the nesting, and aliases of aliases that would fill the memory, are problems like others. */
function guarded<T>(read: (lines: LineCounter) => T): T | Yaml {
  const lines = new LineCounter();
  try {
    return read(lines);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof ReferenceError)) throw error;
    const problems = [problem(0, 'it is nested too deeply, or its aliases multiply', false)];
    return { contents: undefined, value: undefined, problems, lineOf: () => 0 };
  }
}

function inspected(document: Document.Parsed, lines: LineCounter): Yaml {
  const lineOf = (node: unknown) => {
    const { range } = (node ?? {}) as Partial<Node>;
    return range ? lines.linePos(range[0]).line : 0;
  };
  const { contents } = document;
  const problems = [...document.errors, ...document.warnings].map(({ code, pos }) =>
    problem(lines.linePos(pos[0]).line, SENTENCES[code], QUOTABLE.has(code)),
  );
  if (problems.length > 0) return { contents, value: undefined, problems, lineOf };
  visit(document, {
    Alias(_, alias) {
      const meant = alias.resolve(document);
      const at = alias.range![0];
      if (!meant) problems.push(problem(lineOf(alias), 'a text begins with *, which YAML takes for an alias', true));
      else if (at >= meant.range![0] && at < meant.range![2])
        problems.push(problem(lineOf(alias), 'an alias stands in what it is an alias of', false));
    },
    Map(_, { items }) {
      // The parser's own search compares each key with all others, which takes minutes where there are many.
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) problems.push(problem(lineOf(key), SENTENCES.DUPLICATE_KEY, false));
        seen.add(name);
      }
    },
    Pair(_, { key }) {
      if (isScalar(key) || isAlias(key)) return;
      problems.push(problem(lineOf(key), 'there is a bracket or brace where a name is expected', true));
    },
  });
  return { contents, value: problems.length > 0 ? undefined : document.toJS(), problems, lineOf };
}

function problem(line: number, what: string, quotable: boolean): YamlProblem {
  return {
    line,
    message: `This is not valid YAML: ${what}.`,
    fix: quotable
      ? 'Put the text in quotes.'
      : 'Mend the syntax; an editor with the YAML language server shows it as you type.',
  };
}

const SENTENCES: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'a text begins with *, which YAML takes for an alias',
  BAD_ALIAS: 'a text begins with * or &, which YAML takes for an alias or an anchor',
  BAD_COLLECTION_TYPE: 'a list or a map has the tag of something else',
  BAD_DIRECTIVE: 'a line begins with %, which YAML takes for a directive',
  BAD_DQ_ESCAPE: 'there is a backslash in double quotes with nothing behind it that YAML knows; single quotes keep it',
  BAD_INDENT: 'the line is not indented as it has to be at this place',
  BAD_PROP_ORDER: 'a tag (!) or an anchor (&) stands at the wrong place',
  BAD_SCALAR_START: 'a text begins with a character that YAML keeps for itself',
  BLOCK_AS_IMPLICIT_KEY: 'there are two fields on one line, or a colon and a blank in a text',
  BLOCK_IN_FLOW: 'lines with a field or an item each stand in brackets or braces',
  DUPLICATE_KEY: 'the same field is there twice',
  IMPOSSIBLE: 'nobody can tell what is meant',
  KEY_OVER_1024_CHARS: 'the name of a field is longer than 1024 characters',
  MISSING_CHAR: 'a quote, a bracket, a brace, a comma, a colon or a blank is missing',
  MULTILINE_IMPLICIT_KEY: 'the name of a field goes on in the next line, or its colon is missing',
  MULTIPLE_ANCHORS: 'a text begins with &, which YAML takes for an anchor',
  MULTIPLE_DOCS: 'a line with --- or ... begins another document',
  MULTIPLE_TAGS: 'a text begins with !, which YAML takes for a tag',
  NON_STRING_KEY: 'the name of a field is no text',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'the line is indented with a tab',
  TAG_RESOLVE_FAILED: 'a text begins with !, which YAML takes for a tag that is not known',
  UNEXPECTED_TOKEN: 'there is something that YAML does not expect at this place',
};

/** What usually is a text that lacks its quotes. */
const QUOTABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_DIRECTIVE',
  'BAD_PROP_ORDER',
  'BAD_SCALAR_START',
  'BLOCK_AS_IMPLICIT_KEY',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
  'UNEXPECTED_TOKEN',
]);
