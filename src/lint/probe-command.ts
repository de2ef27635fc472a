import type { DeclaredService } from '../spec/declared.ts';
import { parseShell } from './parse-shell.ts';
import { literal, type Script } from './shell-script.ts';

/** What a health check runs. */
export interface ProbeCommand {
  /** Whether the container's shell reads it. */
  readonly inShell: boolean;
  /** The text for the shell, or the words of the command. */
  readonly words: readonly string[];
  /** Undefined where it holds more than is understood here. */
  readonly script: Script | undefined;
}

/** What the declared health check of a service runs; undefined if it declares none, or switches it off. */
export function probeCommand({ healthcheck }: DeclaredService): ProbeCommand | undefined {
  const [kind, ...words] = healthcheck?.test ?? [];
  if (kind === undefined || kind === 'NONE' || healthcheck?.disable === true) return undefined;
  const inShell = kind === 'CMD-SHELL';
  return { inShell, words, script: inShell ? parseShell(words[0] ?? '') : scriptOf(words) };
}

/** One command that no shell reads. */
const scriptOf = (words: readonly string[]): Script => [
  {
    list: { first: { negated: false, commands: [{ kind: 'simple', words: words.map(literal), redirects: [] }] }, rest: [] },
    background: false,
  },
];

/** Where the text of a probe stands: the last word of its list. */
export const probePath = (service: string, { healthcheck }: DeclaredService): readonly string[] => [
  ...['services', service, 'healthcheck', 'test'],
  String((healthcheck?.test ?? []).length - 1),
];
