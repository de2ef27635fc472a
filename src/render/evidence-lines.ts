import { exitMeaning } from '../actions/gate.ts';
import type { Evidence } from '../model/event.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

const longestLine = 200;
const mostProbeLines = 5;
const mostHookLines = 20;
const indent = ' '.repeat(14);

/** What a person needs to see of a container or build that failed; what has been said already is not said again. */
export function evidenceLines(
  { container, exitCode, oomKilled, restartCount, engineError, hook, probe, log }: Evidence,
  said: string,
  style: Style,
): string[] {
  const says = (text: string): boolean => said.includes(text);
  const one = (name: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`${name.padEnd(indent.length)}${sanitize(text)}`];
  const many = (name: string, lines: readonly string[]): string[] =>
    lines.map((line, i) => `${(i === 0 ? name : '').padEnd(indent.length)}${style.dim('|')} ${cut(sanitize(line))}`.trimEnd());
  return [
    ...one('container', container === undefined || says(container) ? undefined : container),
    ...one('exit', exitCode === undefined || says(`code ${exitCode}`) ? undefined : exitMeaning(exitCode)),
    ...one('memory', oomKilled && !says('memory') ? 'killed because it ran out of memory' : undefined),
    ...one('restarts', restartCount ? String(restartCount) : undefined),
    ...one('engine', engineError === undefined || says(engineError) ? undefined : engineError),
    ...many('hook printed', hook === undefined ? [] : hook.trim().split('\n').filter(Boolean).slice(-mostHookLines)),
    ...many('last probe', probe === undefined ? [] : probe.trim().split('\n').filter(Boolean).slice(-mostProbeLines)),
    ...many('last log', log ?? []),
  ];
}

const cut = (line: string): string => (line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line);
