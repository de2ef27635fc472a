import type { Text } from '../model/text.ts';
import type { ExecResult } from '../platform/engine.ts';
import { answerOf } from './docker-answer.ts';
import type { Link } from './docker-ask.ts';
import { call } from './docker-call.ts';
import { framesOf, streamOf } from './docker-stream.ts';

const mostOutput = 4096;

/** Runs a command in a container to its end. What it prints beyond 4 KiB is read and dropped, so that it never blocks; sensitive values are masked. */
export function execInContainer(
  { docker, vault }: Link,
  { id, command }: { readonly id: string; readonly command: readonly Text[] },
  signal: AbortSignal,
): Promise<ExecResult> {
  return call({ what: 'run a command in the container', signal }, async (until) => {
    const exec = await docker(until)
      .getContainer(id)
      .exec({ AttachStdout: true, AttachStderr: true, Cmd: command.map(vault.open) });
    const answer: unknown = await exec.start({ Detach: false });
    const kept: Uint8Array[] = [];
    let length = 0;
    for await (const { bytes } of framesOf(streamOf(answer, 'exec'))) {
      if (length < mostOutput) kept.push(bytes.subarray(0, mostOutput - length));
      length += bytes.length;
    }
    const ended = answerOf(await exec.inspect(), 'exec');
    return { exitCode: ended.number('ExitCode'), output: vault.mask(new TextDecoder().decode(Buffer.concat(kept))) };
  });
}
