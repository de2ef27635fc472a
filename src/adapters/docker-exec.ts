import type { Command } from '../model/hook.ts';
import { isLost, type Text } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { ExecResult } from '../platform/engine.ts';
import { answerOf } from './docker-answer.ts';
import type { Link } from './docker-ask.ts';
import { call } from './docker-call.ts';
import { framesOf, streamOf } from './docker-stream.ts';

const mostOutput = 4096;

type Order = Command & { readonly id: string };

/** Runs a command in a container to its end. All that it prints is read, so that it never blocks, and the last 4 KiB are kept; sensitive values are masked. */
export function execInContainer({ docker, vault }: Link, order: Order, signal: AbortSignal): Promise<ExecResult> {
  return call({ what: 'run a command in the container', signal }, async (until) => {
    const exec = await docker(until).getContainer(order.id).exec(optionsOf(order, vault));
    const answer: unknown = await exec.start({ Detach: false });
    let kept = Buffer.alloc(0);
    for await (const { bytes } of framesOf(streamOf(answer, 'exec'))) kept = Buffer.concat([kept, bytes]).subarray(-mostOutput);
    const ended = answerOf(await exec.inspect(), 'exec');
    return { exitCode: ended.number('ExitCode'), output: vault.mask(new TextDecoder().decode(kept)) };
  });
}

function optionsOf({ command, user, privileged, working_dir, environment = {} }: Order, vault: Vault) {
  const open = (text: Text): string => {
    if (isLost(text)) throw new EngineError('refused', 'it needs a sensitive value that no file has any more');
    return vault.open(text);
  };
  return {
    AttachStdout: true,
    AttachStderr: true,
    Cmd: command.map(open),
    Env: Object.entries(environment).map(([name, value]) => `${name}=${open(value)}`),
    ...(user !== undefined && { User: user }),
    ...(privileged !== undefined && { Privileged: privileged }),
    ...(working_dir !== undefined && { WorkingDir: working_dir }),
  };
}
