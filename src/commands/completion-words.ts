import type { Command } from './command.ts';
import { commands } from './command-list.ts';
import type { Flag } from './flag.ts';
import { flags, globalFlags, type FlagName } from './flags.ts';

type AnyFlag = Flag<unknown>;

/** The flags of these names that this version takes. */
export const flagsOf = (names: readonly FlagName[]): AnyFlag[] =>
  names.map((name): AnyFlag => flags[name]).filter((flag) => flag.later === undefined);

export const everyFlag = (): AnyFlag[] => flagsOf(Object.keys(flags) as FlagName[]);

/** Global flags that say which stack is meant: they go along when names are asked for. */
export const choosingFlags = (): AnyFlag[] =>
  flagsOf(globalFlags).filter(({ name }) => ['file', 'stack', 'project-directory', 'profile', 'env-file'].includes(name));

/** Whether the next word belongs to the flag. */
export const takesWord = ({ value, alone }: AnyFlag): boolean => value !== undefined && alone === undefined;

/** "--file" and "-f". */
export const spellings = ({ name, short }: AnyFlag): string[] => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];

/** The words that may stand for a command. */
export const namesOf = ({ name, aliases }: Command): string[] => [name, ...aliases];

/** What the first positional may be, beside files and services. */
export function choicesOf({ name, positionals }: Command): readonly string[] {
  if (name === 'help') return commands.map((command) => command.name);
  return typeof positionals.completes === 'string' ? [] : positionals.completes;
}
