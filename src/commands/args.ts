import { parseArgs, type ParseArgsConfig } from 'node:util';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Command } from './command.ts';
import { findCommand } from './command-list.ts';
import type { Flag } from './flag.ts';
import { flags, globalFlags, type FlagName, type FlagValues } from './flags.ts';
import { unknownCommand, unknownFlag, type Suggestion } from './suggest.ts';

/** A command line that makes sense. */
export interface Line {
  /** Absent: none was given. */
  readonly command?: Command;
  readonly calledAs: string;
  readonly flags: FlagValues;
  readonly positionals: readonly string[];
}

/** A command line that does not, and as much of it as was understood. */
export interface BadLine {
  readonly problems: readonly Problem[];
  readonly flags: FlagValues;
}

type AnyFlag = Flag<unknown>;
type Token = NonNullable<ReturnType<typeof parseArgs<ParseArgsConfig & { tokens: true }>>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

const flagOf = (name: FlagName): AnyFlag => flags[name];
const allNames = Object.keys(flags) as FlagName[];

/** Reads the words after the program's name. Flags may stand before and after the command; every fault is reported, not the first only. */
export function parseLine(words: readonly string[]): Result<Line, BadLine> {
  const tokens = tokensOf(words);
  const calledAs = tokens.find((token) => token.kind === 'positional')?.value;
  if (calledAs === undefined) return readLine(undefined, tokens);
  const command = findCommand(calledAs);
  if (command) return readLine({ command, calledAs }, tokens);
  const line = readLine(undefined, tokens);
  const { flags: understood } = line.ok ? line.value : line.error;
  return fail({ problems: [problem({ code: 'unknown-command', ...unknownCommand(calledAs) })], flags: understood });
}

function tokensOf(words: readonly string[]): Token[] {
  const flags = allNames.map(flagOf);
  // Of two flags with one name, the letter of either must stay
  const lettersLast = [...flags.filter(({ short }) => short === undefined), ...flags.filter(({ short }) => short !== undefined)];
  const options = Object.fromEntries(lettersLast.map((flag) => [flag.name, optionOf(flag)]));
  // Not strict: its complaints name neither the command nor what was probably meant
  const { tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true });
  return tokens.flatMap((token, i) => (isValue(token, tokens[i - 1]) ? [] : [withValue(token, tokens[i + 1])]));
}

const optionOf = ({ value, alone, short }: AnyFlag): { type: 'string' | 'boolean'; short?: string } => ({
  // A flag whose value may be left out takes the next word only if it fits, which parseArgs cannot know
  type: value === undefined || alone !== undefined ? 'boolean' : 'string',
  ...(short !== undefined && { short }),
});

const isValue = (token: Token, before: Token | undefined): boolean =>
  token.kind === 'positional' && before?.kind === 'option' && before.value === undefined && choicesOf(before.name).includes(token.value);

const withValue = (token: Token, next: Token | undefined): Token =>
  token.kind === 'option' && next?.kind === 'positional' && isValue(next, token)
    ? { ...token, value: next.value, inlineValue: false }
    : token;

const choicesOf = (name: string): readonly string[] =>
  allNames.map(flagOf).find((flag) => flag.name === name && flag.alone !== undefined)?.choices ?? [];

function readLine(called: { command: Command; calledAs: string } | undefined, tokens: readonly Token[]): Result<Line, BadLine> {
  const values = new Map<FlagName, unknown>(allNames.map((name) => [name, flagOf(name).initial]));
  const allowed = [...globalFlags, ...(called?.command.flags ?? [])];
  const problems = tokens.flatMap((token) =>
    token.kind === 'option' ? readFlag(token, { values, allowed, command: called?.command }) : [],
  );
  const positionals = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])).slice(1);
  if (called && values.get('help') !== true) problems.push(...tooMany(called.command, positionals));
  const understood = Object.fromEntries(values) as unknown as FlagValues;
  if (problems.length > 0) return fail({ problems, flags: understood });
  return ok({ ...called, calledAs: called?.calledAs ?? '', flags: understood, positionals });
}

interface Reading {
  readonly values: Map<FlagName, unknown>;
  readonly allowed: readonly FlagName[];
  readonly command: Command | undefined;
}

function readFlag(token: OptionToken, { values, allowed, command }: Reading): Problem[] {
  const written = token.rawName;
  const name = allowed.find((each) => isWritten(flagOf(each), token));
  if (name === undefined) return [problem({ code: 'unknown-flag', ...unknownFlag(written, allowed, command) })];
  const flag = flagOf(name);
  if (flag.later !== undefined) {
    return [problem({ code: 'flag-not-supported', message: `${written} is not supported by this version yet`, hint: flag.later })];
  }
  const text = textOf(token, flag);
  if (text === undefined)
    return [problem({ code: 'missing-value', message: `${written} needs a value`, hint: `write ${written} ${flag.value ?? ''}` })];
  const taken = flag.take(values.get(name), text);
  if (!taken.ok) return [problem({ code: 'bad-value', message: `${written} takes ${taken.error}, not "${text}"` })];
  values.set(name, taken.value);
  return [];
}

// parseArgs gives the long name also for a short letter that belongs to another flag of that name
const isWritten = ({ name, short }: AnyFlag, token: OptionToken): boolean =>
  token.name === name && (token.rawName.startsWith('--') || token.rawName === `-${short}`);

/** The value as it was meant; undefined if it is missing. */
function textOf({ value, inlineValue, rawName }: OptionToken, flag: AnyFlag): string | undefined {
  if (value === undefined) return flag.value === undefined ? 'true' : flag.alone;
  // "-f=FILE", as the flag library of Docker allows
  if (inlineValue && !rawName.startsWith('--') && value.startsWith('=')) return value.slice(1);
  // parseArgs takes any next word, but "--out --json" has forgotten a value; "-" alone is one
  return !inlineValue && value.startsWith('-') && value !== '-' ? undefined : value;
}

function tooMany({ name, positionals }: Command, given: readonly string[]): Problem[] {
  const extra = given[positionals.most];
  if (extra === undefined) return [];
  const hint = positionals.most === 0 ? `stackctl ${name} takes flags only` : `stackctl ${name} takes one ${positionals.name}`;
  return [problem({ code: 'unexpected-argument', message: `there is no place for "${extra}" in stackctl ${name}`, hint })];
}

const problem = ({ code, message, hint }: Suggestion & { readonly code: string }): Problem => ({
  code,
  severity: 'error',
  message,
  ...(hint !== undefined && { hint }),
});
