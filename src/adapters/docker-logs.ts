import type { Readable } from 'node:stream';
import type { LogStart } from '../platform/engine.ts';
import type { Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { connectionError } from './docker-failure.ts';
import { framesOf, streamOf, type Frame } from './docker-stream.ts';

/** The last lines that a container wrote, in the order in which the engine kept them; sensitive values of this run are masked. */
export function containerLogs(
  { docker, vault }: Link,
  { id, lines }: { readonly id: string; readonly lines: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  return call({ what: 'read logs', signal, withinMs: 30_000 }, async (until) => {
    const answer: unknown = await docker(until).getContainer(id).logs({ stdout: true, stderr: true, tail: lines, follow: false });
    const found: string[] = [];
    for await (const line of linesOf(streamOf(answer, 'logs'))) found.push(vault.mask(line));
    return found.slice(-lines);
  });
}

/** Each line as it is written, until the container ends or the signal aborts. */
export async function* followLogs(
  { docker, vault }: Link,
  { id, from }: { readonly id: string; readonly from: LogStart },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const start = from === 'now' ? { tail: 0 } : { since: Math.floor(Date.parse(from) / 1000) };
  const answer: unknown = await call({ what: 'follow logs', signal, withinMs: lookMs }, () =>
    docker(signal)
      .getContainer(id)
      .logs({ stdout: true, stderr: true, follow: true, ...start }),
  );
  const stream = streamOf(answer, 'logs');
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of linesOf(stream)) yield vault.mask(line);
  } catch (error) {
    if (!signal.aborted) throw connectionError(error, 'follow logs');
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** What comes last without a line break is a line as well. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const open = { stdout: '', stderr: '' };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  for await (const { from, bytes } of framesOf(stream)) {
    const pieces = (open[from] + decoders[from].decode(bytes, { stream: true })).split('\n');
    open[from] = pieces.pop() ?? '';
    for (const line of pieces) yield line.replace(/\r$/, '');
  }
  const unended = (['stdout', 'stderr'] as const satisfies readonly Frame['from'][]).map((from) => open[from]);
  for (const line of unended) if (line !== '') yield line.replace(/\r$/, '');
}
