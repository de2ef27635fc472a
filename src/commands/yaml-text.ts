import { Document, parse, Scalar, visit } from 'yaml';

/**
 * Data as go-yaml 3 writes it, which Docker Compose prints with: in double quotes what a reader would take for something else than text
 * (YAML 1.1 counts too, where a bare "yes" is true), in single quotes what has to be quoted besides.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      const style = typeof node.value === 'string' ? quotesFor(node.value) : undefined;
      if (style !== undefined) node.type = style;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true, doubleQuotedAsJSON: true });
}

/** The quotes that go-yaml puts; undefined where it needs none, or where the writer finds the same by itself. */
function quotesFor(text: string): Scalar.Type | undefined {
  if (isTakenForOther(text) || isUnfitForBlocks(text)) return Scalar.QUOTE_DOUBLE;
  if (text.includes('\n')) return undefined;
  return looksLikeSyntax(text) ? Scalar.QUOTE_SINGLE : undefined;
}

const isTakenForOther = (text: string): boolean =>
  text === '' ||
  /^0[oO][0-7_]+$/.test(text) ||
  (/^[-+.\w:~=<]+$/.test(text) && !isMarker(text) && isNoText(parse(text, { version: '1.1' })));

const isNoText = (value: unknown): boolean => typeof value !== 'string' && !isCollection(value);

/** "x:" and "-" alone are read as a map and a list. */
const isCollection = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Date);

/** A space at the end of one of several lines, or a tab in a single one. */
const isUnfitForBlocks = (text: string): boolean => (text.includes('\n') ? / (?:\n|$)/.test(text) : text.includes('\t'));

/** The beginning or the end of a document. */
const isMarker = (text: string): boolean => /^(?:---|\.\.\.)/.test(text);

/** A marker, a quote at the start, or what makes a key or a comment. */
const looksLikeSyntax = (text: string): boolean => isMarker(text) || /^['"]|: |:$| #/.test(text);
