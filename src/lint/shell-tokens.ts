import type { Token, Word } from './shell-script.ts';

const operators = ['&&', '||', '|&', '>>', '>&', '<&', '&>', '<>', ';', '|', '&', '(', ')', '<', '>', '\n'];

/** The words and operators of a script; undefined where it holds what is not understood here, such as a here-document. */
export function shellTokens(script: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < script.length;) {
    const rest = script.slice(at);
    const blank = /^(?:[ \t\r]|\\\n)+|^#[^\n]*/.exec(rest)?.[0];
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    if (rest.startsWith('<<') || /^[<>]\(/.test(rest)) return undefined;
    // "2>" and its like are redirections of a stream
    const stream = /^\d+(?=[<>])/.exec(rest)?.[0] ?? '';
    const operator = operators.find((each) => rest.startsWith(each, stream.length));
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator });
      at += stream.length + operator.length;
      continue;
    }
    const read = wordAt(rest);
    if (!read) return undefined;
    tokens.push({ kind: 'word', ...read.word });
    at += read.length;
  }
  return tokens;
}

interface ReadWord {
  readonly word: Word;
  readonly length: number;
}

/** The word that the text begins with; undefined when a quote or bracket is not closed. */
function wordAt(text: string): ReadWord | undefined {
  let [at, plain, mayFail, quoted] = [0, '', false, false];
  while (at < text.length) {
    const part = partAt(text.slice(at));
    if (part === 'end') break;
    if (part === undefined) return undefined;
    plain += part.plain;
    mayFail ||= part.mayFail;
    quoted ||= part.quoted;
    at += part.length;
  }
  return { word: { text: plain, mayFail, quoted }, length: at };
}

interface Part {
  readonly plain: string;
  readonly mayFail: boolean;
  readonly quoted: boolean;
  readonly length: number;
}

function partAt(text: string): Part | 'end' | undefined {
  const [first = ''] = text;
  if (/[\s;&|<>()]/.test(first)) return 'end';
  if (first === '\\') return { plain: text.slice(1, 2), mayFail: false, quoted: true, length: 2 };
  if (first === "'") {
    const end = text.indexOf("'", 1);
    return end < 0 ? undefined : { plain: text.slice(1, end), mayFail: false, quoted: true, length: end + 1 };
  }
  if (first === '"') return doubleQuoted(text);
  const substitution = substitutionAt(text);
  if (substitution === undefined) return undefined;
  return substitution === '' ? { plain: first, mayFail: false, quoted: false, length: 1 } : substituted(substitution);
}

const substituted = (text: string): Part => ({ plain: text, mayFail: mayFail(text), quoted: false, length: text.length });

const mayFail = (substitution: string): boolean => !substitution.startsWith('${') || substitution.includes('?');

function doubleQuoted(text: string): Part | undefined {
  let [plain, fails] = ['', false];
  for (let at = 1; at < text.length;) {
    const letter = text[at] ?? '';
    if (letter === '"') return { plain, mayFail: fails, quoted: true, length: at + 1 };
    if (letter === '\\') {
      plain += text.slice(at + 1, at + 2);
      at += 2;
      continue;
    }
    const substitution = substitutionAt(text.slice(at));
    if (substitution === undefined) return undefined;
    fails ||= substitution !== '' && mayFail(substitution);
    plain += substitution === '' ? letter : substitution;
    at += Math.max(1, substitution.length);
  }
  return undefined;
}

/** The "$(…)", "${…}" or "`…`" that the text begins with; empty if it does not, undefined if it is not closed. */
function substitutionAt(text: string): string | undefined {
  if (text.startsWith('`')) return /^`[^`]*`/.exec(text)?.[0];
  const close = text.startsWith('$(') ? ')' : text.startsWith('${') ? '}' : undefined;
  if (close === undefined) return '';
  const open = close === ')' ? '(' : '{';
  let depth = 0;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === open) depth++;
    if (text[at] === close && --depth === 0) return text.slice(0, at + 1);
  }
  return undefined;
}
