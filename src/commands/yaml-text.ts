import { bareText, isBare } from '../spec/bare.ts';
import { readScalar } from '../spec/read-scalar.ts';

/**
 * Data as go-yaml 3 writes it, which Docker Compose prints with (its emitterc.go and encode.go): in double quotes what a reader would take
 * for something else than text (YAML 1.1 counts too, where a bare "yes" is true), in single quotes what has to be quoted besides.
 */
export const yamlText = (value: unknown): string => `${itemText(value, 0)}\n`;

const indent = 2;

/** A value that begins in the middle of a line; the lines that follow begin at that column. */
function itemText(value: unknown, column: number): string {
  if (Array.isArray(value)) return listText(value, column);
  if (isBare(value)) return bareText(value);
  if (isMap(value)) return mapText(value, column);
  return scalarText(value, column);
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !isBare(value);

const newLine = (column: number): string => `\n${' '.repeat(column)}`;

const listText = (items: readonly unknown[], column: number): string =>
  items.length === 0 ? '[]' : items.map((item) => `- ${itemText(item, column + indent)}`).join(newLine(column));

function mapText(map: object, column: number): string {
  const entries = Object.entries(map);
  return entries.length === 0 ? '{}' : entries.map((entry) => entryText(entry, column)).join(newLine(column));
}

/** What a reader takes for a key without a "?" before it. */
const longestKey = 128;

function entryText([key, value]: readonly [string, unknown], column: number): string {
  const inner = column + indent;
  if (key.includes('\n') || Buffer.byteLength(key) > longestKey)
    return `? ${scalarText(key, inner)}${newLine(column)}: ${itemText(value, inner)}`;
  const text = itemText(value, inner);
  const isBelow = isMap(value) && Object.keys(value).length > 0;
  return `${scalarText(key, inner)}:${isBelow ? newLine(inner) : ' '}${text}`;
}

function scalarText(value: unknown, column: number): string {
  if (typeof value !== 'string') return String(value);
  if (value.includes('\n')) return isUnfitForBlock(value) ? inDoubleQuotes(value) : blockText(value, column);
  if (isTakenForOther(value) || isUnfitForSingleQuotes(value)) return inDoubleQuotes(value);
  return looksLikeSyntax(value) ? `'${value.replaceAll("'", "''")}'` : value;
}

/** Words that mean true and false to YAML 1.1, and times of day, which it takes for numbers of base 60. */
const ofYaml11 = /^(?:[yYnN]|yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|<<)$/;

function isTakenForOther(text: string): boolean {
  const { value, date } = readScalar(text);
  return typeof value !== 'string' || date === true || isInfinite(text) || ofYaml11.test(text);
}

const isInfinite = (text: string): boolean => /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text);

/** Neither a line break, a tab nor what YAML may show: control characters, and what lies beyond the first plane. */
const special = /[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

/** A space before a line break, or at the end. */
const isUnfitForBlock = (text: string): boolean => / (?:\n|$)/.test(text) || special.test(text);

const isUnfitForSingleQuotes = (text: string): boolean => text.includes('\t') || special.test(text);

/** What begins like a document, a mark or a collection, or holds what ends a key or begins a comment. */
const looksLikeSyntax = (text: string): boolean => /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](?: |$))|:(?: |$)| #|^ | $/.test(text);

/** As it is, below "|"; a sign says how many line breaks it ends with, a number that it begins with spaces. */
function blockText(text: string, column: number): string {
  const hint = /^[ \n]/.test(text) ? String(indent) : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return `|${hint}${chomp}${lines.map((line) => (line === '' ? '\n' : `${newLine(column)}${line}`)).join('')}`;
}

const escapes = new Map([
  ...Object.entries({ '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e' }),
  ...Object.entries({ '"': '"', '\\': '\\', '\x85': 'N', '\u2028': 'L', '\u2029': 'P' }),
]);

const inDoubleQuotes = (text: string): string => `"${text.replace(/./gsu, escaped)}"`;

function escaped(character: string): string {
  const letter = escapes.get(character);
  if (letter !== undefined) return `\\${letter}`;
  if (!special.test(character)) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}
