import { Composer, isScalar, type CST, type Document, type YAMLParseError } from 'yaml';
import { cstTokens } from './cst-tokens.ts';
import type { Report } from './finding.ts';
import type { Mark, Source } from './mark.ts';
import { isNull, type MapNode } from './node.ts';
import { treeOf } from './yaml-tree.ts';

/** Of one file: after the first, the parser does not know where it is, and tells what is not so. */
const maxSyntaxProblems = 1;

/**
 * The documents of a stack file as trees that remember their places. Reports `yaml-…` problems: what is not YAML, a key written twice
 * or reserved, nesting and aliases beyond the limits, a document that is no map. Undefined when a document could not be read; none
 * when there is nothing in the file.
 */
export function parseDocuments(source: Source, report: Report): readonly MapNode[] | undefined {
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(source.text);
  if (control) {
    report({
      code: 'yaml-syntax',
      message: 'there is a control character here; YAML does not allow any',
      mark: markIn(source, control.index),
    });
    return undefined;
  }
  const version = /^%YAML[ \t]+(?!1\.1\s)\S*/m.exec(source.text);
  if (version) {
    const hint = 'remove the line; Docker Compose reads no other version than 1.1 by name';
    report({ code: 'yaml-version', message: `"${version[0]}" asks for another YAML`, mark: markIn(source, version.index), hint });
    return undefined;
  }
  const tokens = cstTokens(source.text);
  if ('code' in tokens) {
    report({ code: tokens.code, message: tokens.message, mark: markIn(source, tokens.offset) });
    return undefined;
  }
  const roots = documentsOf(tokens, source, report)?.map((document) => rootOf(document, source, report));
  return roots?.includes(undefined) ? undefined : (roots as MapNode[] | undefined);
}

/** A file of one document as a tree; like parseDocuments. Reports `yaml-documents` and `empty-file` besides. */
export function parseYaml(source: Source, report: Report): MapNode | undefined {
  const documents = parseDocuments(source, report);
  const [first, second] = documents ?? [];
  if (documents && !first) report({ code: 'empty-file', message: `${source.name} is empty`, hint: 'it needs at least "services"' });
  if (!second) return first;
  const hint = 'put it into a file of its own';
  report({ code: 'yaml-documents', message: 'a second document begins here', mark: { ...second.mark, length: 1 }, hint });
  return undefined;
}

function rootOf(document: Document.Parsed, source: Source, report: Report): MapNode | undefined {
  const root = document.contents ? treeOf(document.contents, source, report) : undefined;
  if (!root) return undefined;
  if (root.kind === 'map') return root;
  const [code, message] = isNull(root)
    ? (['empty-file', `${source.name} is empty`] as const)
    : (['wrong-type', 'a stack file must be a map with keys such as "services"'] as const);
  report({ code, message, mark: { ...root.mark, length: 1 }, hint: isNull(root) ? 'it needs at least "services"' : undefined });
  return undefined;
}

type SyntaxError = Pick<YAMLParseError, 'code' | 'message' | 'pos'>;

function documentsOf(tokens: readonly CST.Token[], source: Source, report: Report): readonly Document.Parsed[] | undefined {
  // "failsafe" leaves all scalars as they are written: read-scalar.ts reads them. Our own tree finds equal keys, in linear time.
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents = [...composer.compose(tokens, true, source.text.length)] as Document.Parsed[];
  const errors = documents.flatMap((document) => document.errors);
  for (const error of errors.slice(0, maxSyntaxProblems)) reportSyntax(error, source, report);
  return errors.length > 0 ? undefined : documents.filter((document) => !isBlank(document, source));
}

/** Nothing but comments. */
const isBlank = ({ contents, range }: Document.Parsed, { text }: Source): boolean =>
  (contents === null || (isScalar(contents) && contents.source === '' && contents.tag === undefined)) &&
  !text.slice(range[0], range[2]).includes('---');

function reportSyntax(error: SyntaxError, source: Source, report: Report): void {
  const [start, end] = error.pos;
  const mark: Mark = { source, offset: Math.min(start, source.text.length), length: Math.max(1, end - start) };
  const line = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start + 1);
  if (error.code === 'TAB_AS_INDENT' || /^ *\t/.test(line)) {
    report({ code: 'yaml-tab', message: 'a tab is used to indent; YAML allows spaces only', mark });
  } else {
    report({ code: 'yaml-syntax', message: wordsOf(error), mark, hint: hints.get(error.code) });
  }
}

/** The parser's sentence, begun in lower case and without the place that we print ourselves. */
const wordsOf = ({ message }: SyntaxError): string => `this is not YAML: ${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;

const hints = new Map<string, string>([
  ['BLOCK_AS_IMPLICIT_KEY', 'is a line indented too far, or a ":" inside a text without quotes?'],
  ['MULTILINE_IMPLICIT_KEY', 'is a ":" missing after the key?'],
  ['BAD_INDENT', 'lines of one map or list must begin in the same column'],
  ['MISSING_CHAR', 'is a quote or a bracket not closed?'],
  ['BAD_SCALAR_START', 'put the value in quotes'],
]);

const markIn = (source: Source, offset: number): Mark => ({ source, offset, length: 1 });
