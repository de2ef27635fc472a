import { Readable } from 'node:stream';
import { answerOf } from './docker-answer.ts';
import { call } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import { streamError } from './docker-failure.ts';
import { jsonLines, streamOf } from './docker-stream.ts';
import { tarEnd, tarHeader, tarPadding } from './docker-tar.ts';
import { lockProgram } from './docker-lock-program.ts';

export const lockImage = 'stackctl-lock:1';
const importMs = 20_000;

/** Gives the engine the image of the lock: one program. */
export async function makeLockImage(docker: DockerUntil, signal: AbortSignal): Promise<void> {
  await call({ what: 'make the image of the lock', signal, withinMs: importMs }, async (until) => {
    const program = lockProgram(answerOf(await docker(until).version(), 'version').text('Arch'));
    const [repo, tag] = lockImage.split(':');
    const answer: unknown = await docker(until).importImage(Readable.from([archiveOf(program)], { objectMode: false }), { repo, tag });
    for await (const line of jsonLines(streamOf(answer, 'import'), 'import')) {
      const error = streamError(line, 'import');
      if (error) throw error;
    }
  });
}

const archiveOf = (program: Buffer): Buffer =>
  Buffer.concat([
    tarHeader({ path: 'hold', kind: 'file', mode: 0o755, uid: 0, gid: 0, size: program.length, modified: 0 }),
    program,
    tarPadding(program.length),
    tarEnd,
  ]);
