import { EngineError } from '../platform/engine-error.ts';
import type { CallContext } from '../platform/engine.ts';
import type { Answer } from './docker-answer.ts';
import type { Link } from './docker-ask.ts';
import type { BuildOrder } from './docker-build.ts';
import { buildProgress, type BuildProgress } from './buildkit-progress.ts';
import { openSession } from './buildkit-session.ts';
import { readTrace } from './buildkit-trace.ts';
import { call } from './docker-call.ts';
import { contextArchive } from './docker-context.ts';
import { dial } from './docker-dial.ts';
import { streamError } from './docker-failure.ts';
import { jsonLines, streamOf } from './docker-stream.ts';
import { withAgents } from './ssh-agents.ts';

/**
 * Builds an image with the engine's BuildKit, whose session gives logins, secrets and SSH keys away when they are asked for. Ends well only when the
 * engine has said which image came of it.
 */
export async function buildWithBuildKit(
  { docker, vault }: Link,
  { image, build, options: asked }: BuildOrder,
  context: CallContext,
): Promise<void> {
  const { onProgress, signal } = context;
  await call({ what: `build ${image}`, signal }, (until) =>
    withAgents(build.ssh ?? {}, until, async (agents) => {
      const bound = docker(until);
      const session = await openSession(bound, { secrets: build.secrets ?? {}, agents, vault, signal: until });
      try {
        until.throwIfAborted();
        // Not dockerode's buildImage, whose own session loads grpc, and knows one login for all registries and no secrets
        const options = { ...asked, version: '2', session: session.id };
        const answer = await dial(bound, { path: '/build?', method: 'POST', file: contextArchive(build), options, isStream: true });
        const id = await follow(answer, buildProgress(onProgress), vault.mask);
        if (id === '') throw new EngineError('garbled', `The engine ended the build of ${image} without saying what came of it`);
      } finally {
        session.close();
      }
    }),
  );
}

/** Reads the answer to its end: the id of the image that was built, '' if it never came. */
async function follow(answer: unknown, progress: BuildProgress, mask: (text: string) => string): Promise<string> {
  let id = '';
  for await (const line of jsonLines(streamOf(answer, 'build'), 'build')) {
    const kind = line.text('id');
    if (kind === 'moby.buildkit.trace') progress.take(readTrace(line.text('aux')));
    if (kind === 'moby.image.id') id = line.inside('aux').text('ID');
    failIfError(line, progress, mask);
  }
  return id;
}

function failIfError(line: Answer, progress: BuildProgress, mask: (text: string) => string): void {
  const error = streamError(line, 'build');
  if (!error) return;
  const step = progress.failedStep();
  if (!step) throw new EngineError(error.code, mask(error.message));
  throw new EngineError(error.code, mask(`${step.name} failed: ${step.why}`), { log: step.log.map(mask) });
}
