import { sha256 } from '../lib/hash.ts';
import { messageOf } from '../lib/message-of.ts';
import { stackctlVersion } from './version.ts';

/** What is said about a fault of stackctl itself. The id is the same wherever the same fault happens. */
export function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : `${typeof error}: ${String(error)}`;
  const cause = error instanceof Error && error.cause !== undefined ? `\ncaused by ${messageOf(error.cause)}` : '';
  const frames = stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.replace(/\(?[^( ]*[/\\]|:\d+/g, ''));
  const id = sha256(frames.join('\n') || stack).slice(0, 8);
  return [
    `This is a bug in stackctl (${id}), not a fault of yours. What it was doing may be half done: stackctl plan shows what is left.`,
    'Please report it with the lines below, once you have seen that they hold nothing secret.',
    '',
    `stackctl ${stackctlVersion()}, Node ${process.versions.node}, ${process.platform}/${process.arch}`,
    `${stack}${cause}`,
    '',
  ].join('\n');
}
