import type { Report } from './finding.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import type { Source } from './mark.ts';

export interface DotenvReading {
  readonly source: Source;
  /** A variable that is set elsewhere; it serves a name that stands without "=". */
  readonly outside: Lookup;
  /** What `${X}` means before this file is asked; `outside` unless given. */
  readonly first?: Lookup;
  /** What `${X}` means when this file does not say. */
  readonly last?: Lookup;
  /** Values as they stand, without quotes, comments or variables (`format: raw`). */
  readonly raw?: boolean;
}

const space = /[\t\v\f\r \x85\xa0]*/y;
const keyForm = /(?:export[\t\v\f\r \x85\xa0]+)?([^=:\n]*)([=:\n]|$)/y;

/**
 * The variables of an .env file, as the reference's dotenv reader takes them: `export`, comments, YAML-like `A: b`, single quotes (as
 * they stand, but for `\'`), double quotes (escapes and variables), unquoted values (variables; a comment begins with a space and "#"
 * within the value, so one that begins with "#" is none). Reports `dotenv-syntax`.
 */
export function readDotenv(reading: DotenvReading, report: Report): Map<string, string> {
  const variables = new Map<string, string>();
  const { text } = reading.source;
  for (let at = startOfStatement(text, 0); at < text.length; at = startOfStatement(text, at)) {
    keyForm.lastIndex = at;
    const [whole = '', written = '', separator = ''] = keyForm.exec(text) ?? [];
    const key = written.trim();
    const problem = keyProblem(key);
    if (problem !== undefined) {
      report({ code: 'dotenv-syntax', message: problem, mark: { source: reading.source, offset: at, length: Math.max(1, key.length) } });
      at = endOfLine(text, at);
      continue;
    }
    at += whole.length;
    if (separator === '=' || separator === ':') at = readValue(key, at, { ...reading, variables, report });
    else {
      const inherited = reading.outside(key);
      if (inherited !== undefined) variables.set(key, inherited);
    }
  }
  return variables;
}

interface ValueReading extends DotenvReading {
  readonly variables: Map<string, string>;
  readonly report: Report;
}

/** Reads the value that begins at `at`; gives back where it ends. */
function readValue(key: string, at: number, reading: ValueReading): number {
  const { text } = reading.source;
  const end = endOfLine(text, at);
  if (reading.raw) {
    reading.variables.set(key, text.slice(at, end).replace(/\r$/, ''));
    return end;
  }
  space.lastIndex = at;
  const start = at + (space.exec(text)?.[0].length ?? 0);
  const quote = text[start];
  if (quote !== '"' && quote !== "'") {
    const value = text.slice(start, end).replace(/ #.*$/s, '').trimEnd();
    return set(key, value, { start, end, reading });
  }
  const close = closingQuote(text, start, quote);
  if (close === undefined) {
    const mark = { source: reading.source, offset: start, length: 1 };
    reading.report({ code: 'dotenv-syntax', message: `the quote of "${key}" is not closed`, mark });
    return text.length;
  }
  const inner = text.slice(start + 1, close);
  if (quote === '"') return set(key, unescaped(inner), { start, end: afterQuote(text, close), reading });
  reading.variables.set(key, inner.replaceAll("\\'", "'"));
  return afterQuote(text, close);
}

function set(key: string, value: string, { start, end, reading }: { start: number; end: number; reading: ValueReading }): number {
  const { variables, outside, first = outside, last, source, report } = reading;
  const result = interpolate(value, (name) => first(name) ?? variables.get(name) ?? last?.(name));
  if (result.ok) variables.set(key, result.value.text);
  else
    report({ ...result.error, mark: { source, offset: start, length: Math.max(1, Math.min(end, endOfLine(source.text, start)) - start) } });
  return end;
}

function startOfStatement(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    if (text[at] !== '#') return at;
    at = endOfLine(text, at);
  }
}

function keyProblem(key: string): string | undefined {
  if (key === '') return 'there is no name before the "="';
  const odd = /[^\p{L}\p{N}_.\-[\]\s]/u.exec(key);
  if (odd) return `the name of a variable cannot hold "${odd[0]}"`;
  return /\s/.test(key) ? `the name of a variable cannot hold a space: "${key.slice(0, 40)}"` : undefined;
}

function closingQuote(text: string, start: number, quote: string): number | undefined {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i;
  }
  return undefined;
}

/** A comment may follow a quoted value. */
const afterQuote = (text: string, close: number): number => {
  const rest = /^[^\S\n]*#[^\n]*/.exec(text.slice(close + 1, endOfLine(text, close)));
  return close + 1 + (rest?.[0].length ?? 0);
};

/** `\n`, `\r`, `\t` …; a backslash before `$` keeps it from being a variable; any other is dropped. */
const unescaped = (text: string): string => text.replace(/\\([\s\S])/g, (_whole, letter: string) => escapes.get(letter) ?? letter);

const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['$', '$$'],
]);

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
