import { call } from './docker-call.ts';
import type { Link } from './docker-ask.ts';
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
    const open = { stdout: '', stderr: '' };
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    for await (const { from, bytes } of framesOf(streamOf(answer, 'logs'))) {
      const pieces = (open[from] + decoders[from].decode(bytes, { stream: true })).split('\n');
      open[from] = pieces.pop() ?? '';
      found.push(...pieces);
    }
    const unended = (['stdout', 'stderr'] as const satisfies readonly Frame['from'][])
      .map((from) => open[from])
      .filter((line) => line !== '');
    return [...found, ...unended].map((line) => vault.mask(line.replace(/\r$/, ''))).slice(-lines);
  });
}
