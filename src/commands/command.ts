import type { ByName } from '../lib/record.ts';
import type { FlagName, FlagValues } from './flags.ts';

/** What the process ends with: design, section 7. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 70 | 130;

/** One command, as the parser, the help texts and the completion see it. `run` loads what it needs when it is called. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line, in the imperative, without a full stop. */
  readonly summary: string;
  readonly positionals: Positionals;
  /** Its own, in the order of its help text; the global ones go with every command. */
  readonly flags: readonly FlagName[];
  readonly examples: readonly Example[];
  /** What the exit codes mean that are not the same everywhere. */
  readonly exitCodes: ByName<string>;
  /** What is said at the first and the second Ctrl-C; absent: nothing was touched, so the first one ends the process with 130. */
  readonly interrupt?: { readonly first: string; readonly second: string };
  run(invocation: Invocation): Promise<ExitCode>;
}

/** What stands on the command line beside the flags. */
export interface Positionals {
  /** "SERVICE"; empty: none are taken. */
  readonly name: string;
  readonly summary: string;
  readonly most: number;
  readonly completes: 'file' | 'service' | 'nothing' | readonly string[];
}

interface Example {
  readonly line: string;
  readonly does: string;
}

/** One call of a command. */
export interface Invocation {
  /** The word that was typed: "up", "ps". */
  readonly calledAs: string;
  readonly flags: FlagValues;
  readonly positionals: readonly string[];
  readonly io: Io;
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP: start nothing more and walk back. */
  readonly cancel: AbortSignal;
  /** Aborts at the second: stop at once. */
  readonly abandon: AbortSignal;
  readonly screen: Screen;
}

/** What stands on the terminal now. */
interface Screen {
  /** What is said at the first Ctrl-C in place of the command's own words; empty where something on the screen says it already. */
  onInterrupt?: string;
}

/** The process as a command sees it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly environment: ByName<string>;
  /** Absolute. */
  readonly cwd: string;
}

export interface Output {
  /** Never throws: what nobody reads any more is dropped. */
  write(text: string): void;
  readonly isTTY: boolean;
  /** Of the terminal now; 80 where there is none. */
  readonly columns: number;
}

interface Input {
  readonly isTTY: boolean;
  /** The next line without its end; undefined when there is none, or when the signal aborts first. */
  readLine(signal: AbortSignal): Promise<string | undefined>;
}
