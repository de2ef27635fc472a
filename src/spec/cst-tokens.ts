import { Lexer, Parser, type CST } from 'yaml';

/** Deeper than any honest file; the reference takes 300 levels. */
const maxDepth = 512;
/** Words, signs and spaces of YAML in one file: four times those of a file with 1,000 services. */
const maxLexemes = 1_000_000;

/** Why a file is not read to its end. */
export interface TooMuch {
  readonly code: 'yaml-too-deep' | 'yaml-too-large';
  readonly message: string;
  readonly offset: number;
}

/** The tokens of a YAML text, or why there are too many. Stops as soon as it is known, because what follows recurses and keeps all. */
export function cstTokens(text: string): readonly CST.Token[] | TooMuch {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxDepth) {
      return { code: 'yaml-too-deep', message: `nested more than ${maxDepth} levels deep`, offset: parser.offset };
    }
    if (++lexemes > maxLexemes)
      return { code: 'yaml-too-large', message: 'this is more YAML than a stack file can hold', offset: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}
