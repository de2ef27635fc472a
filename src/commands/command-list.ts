import type { Command } from './command.ts';
import { fileCommands } from './file-commands.ts';
import { portCommands } from './port-commands.ts';
import { stackCommands } from './stack-commands.ts';
import { volumeCommands } from './volume-commands.ts';

/**
 * Every command. Nothing here loads what a command needs: `run` imports it when it is called, so that a start costs no more than its
 * own command.
 */
export const commands: readonly Command[] = [...stackCommands, ...volumeCommands, ...portCommands, ...fileCommands];

/** The command of that name or alias. */
export const findCommand = (word: string): Command | undefined =>
  commands.find(({ name, aliases }) => name === word || aliases.includes(word));
