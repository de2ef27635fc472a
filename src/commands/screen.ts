import type { Problem } from '../model/problem.ts';
import { problemsText } from '../render/problems-text.ts';
import { createStyle, type Style } from '../render/style.ts';
import { wantsColor } from '../render/wants-color.ts';
import type { Invocation, Output } from './command.ts';

/** How text looks on one of the two outputs. */
export function styleOf({ flags, io }: Invocation, output: Output): Style {
  return createStyle({ color: !flags.noColor && wantsColor({ environment: io.environment, isTty: output.isTTY }) });
}

/** Tells of problems that stopped a command: as text on stderr, or with --json as data on stdout. Gives exit code 1. */
export function refuse(problems: readonly Problem[], invocation: Invocation): 1 {
  const { io, flags } = invocation;
  if (flags.json) io.stdout.write(`${JSON.stringify({ format_version: '1.0', problems })}\n`);
  else io.stderr.write(problemsText(problems, { style: styleOf(invocation, io.stderr), ending: 'nothing was touched' }));
  return 1;
}

export const isError = ({ severity }: Problem): boolean => severity === 'error';
