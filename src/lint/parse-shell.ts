import type { AndOr, Command, Pipeline, Script, SimpleCommand, Token, Word } from './shell-script.ts';
import { shellTokens } from './shell-tokens.ts';

/**
 * A script as lists, pipelines and simple commands. Undefined where it holds more than that, such as a loop: better no answer than a
 * wrong one.
 */
export function parseShell(script: string): Script | undefined {
  const tokens = shellTokens(script);
  if (!tokens || tokens.some(isReserved)) return undefined;
  const reader: Reader = { tokens, at: 0 };
  const parsed = scriptFrom(reader, undefined);
  return reader.at === tokens.length ? parsed : undefined;
}

const reserved = new Set('if then elif else fi for while until do done case esac function select [['.split(' '));

const isReserved = (token: Token): boolean => token.kind === 'word' && !token.quoted && reserved.has(token.text);

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

const operatorAt = ({ tokens, at }: Reader): string | undefined => {
  const token = tokens[at];
  return token?.kind === 'operator' ? token.text : undefined;
};

const bareAt = ({ tokens, at }: Reader): string | undefined => {
  const token = tokens[at];
  return token?.kind === 'word' && !token.quoted ? token.text : undefined;
};

function scriptFrom(reader: Reader, end: ')' | '}' | undefined): Script | undefined {
  const items: Script[number][] = [];
  for (;;) {
    while ([';', '\n'].includes(operatorAt(reader) ?? '')) reader.at++;
    if (reader.at === reader.tokens.length) return end === undefined ? items : undefined;
    if (end !== undefined && (operatorAt(reader) === end || bareAt(reader) === end)) return items;
    const list = andOrFrom(reader);
    if (!list) return undefined;
    const background = operatorAt(reader) === '&';
    if (background) reader.at++;
    items.push({ list, background });
  }
}

function andOrFrom(reader: Reader): AndOr | undefined {
  const first = pipelineFrom(reader);
  if (!first) return undefined;
  const rest: AndOr['rest'][number][] = [];
  for (;;) {
    const operator = operatorAt(reader);
    if (operator !== '&&' && operator !== '||') return { first, rest };
    skipNewlines(reader);
    const pipeline = pipelineFrom(reader);
    if (!pipeline) return undefined;
    rest.push({ operator, pipeline });
  }
}

function pipelineFrom(reader: Reader): Pipeline | undefined {
  const negated = bareAt(reader) === '!';
  if (negated) reader.at++;
  const commands: Command[] = [];
  for (;;) {
    const command = commandFrom(reader);
    if (!command) return undefined;
    commands.push(command);
    if (!['|', '|&'].includes(operatorAt(reader) ?? '')) return { negated, commands };
    skipNewlines(reader);
  }
}

/** Past an operator and the line ends after it. */
function skipNewlines(reader: Reader): void {
  do reader.at++;
  while (operatorAt(reader) === '\n');
}

function commandFrom(reader: Reader): Command | undefined {
  const subshell = operatorAt(reader) === '(';
  if (!subshell && bareAt(reader) !== '{') return simpleFrom(reader);
  reader.at++;
  const script = scriptFrom(reader, subshell ? ')' : '}');
  reader.at++;
  return script && { kind: 'group', script, subshell };
}

const redirections = new Set(['<', '>', '>>', '>&', '<&', '&>', '<>']);

function simpleFrom(reader: Reader): SimpleCommand | undefined {
  const words: Word[] = [];
  const redirects: Word[] = [];
  for (; reader.at < reader.tokens.length; reader.at++) {
    const token = reader.tokens[reader.at];
    if (token?.kind === 'word') words.push(token);
    else if (token && redirections.has(token.text)) {
      const target = reader.tokens[++reader.at];
      if (target?.kind !== 'word') return undefined;
      redirects.push(target);
    } else break;
  }
  return words.length + redirects.length === 0 ? undefined : { kind: 'simple', words, redirects };
}
