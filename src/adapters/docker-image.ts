import type { SeenImage } from '../model/observed.ts';
import { fitsPlatform } from '../model/platform.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { CallContext, ImagePull } from '../platform/engine.ts';
import { answerOf } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { streamError } from './docker-failure.ts';
import { loginFor } from './docker-login.ts';
import { jsonLines, streamOf } from './docker-stream.ts';

/** Pulls an image, with the login that docker's config has for its registry. */
export async function pullImage(link: Link, { image, platform }: ImagePull, { onProgress, signal }: CallContext): Promise<void> {
  const authconfig = await loginFor(image, signal);
  await call({ what: `pull ${image}`, signal }, async (until) => {
    const answer: unknown = await link
      .docker(until)
      .pull(image, { ...(authconfig && { authconfig }), ...(platform !== undefined && { platform }) });
    let told = '';
    for await (const line of jsonLines(streamOf(answer, 'pull'), 'pull')) {
      const error = streamError(line, `pull ${image}`);
      if (error) throw error;
      const note = [line.text('id'), line.text('status')].filter((part) => part !== '').join(': ');
      if (note !== '' && note !== told) onProgress(note);
      told = note;
    }
  });
  const pulled = await imageMustBeHere(link, image, signal);
  // Docker 20.10 takes what there is with no more than a warning
  if (!fitsPlatform(pulled, platform))
    throw new EngineError('not-found', `The registry has ${image} for ${pulled.platform ?? 'another platform'}, not for ${platform ?? ''}`);
}

/** The digest that the registry has for a reference now; the engine asks the registry, and nothing is pulled. */
export async function remoteDigest({ docker }: Link, image: string, signal: AbortSignal): Promise<string> {
  const authconfig = await loginFor(image, signal);
  try {
    return await call({ what: `ask the registry for ${image}`, signal, withinMs: lookMs }, async (until) => {
      const found = await docker(until)
        .getImage(image)
        .distribution(authconfig ? { authconfig } : {});
      return answerOf(found, 'distribution').inside('Descriptor').mustText('digest');
    });
  } catch (error) {
    if (error instanceof EngineError && (error.code === 'refused' || error.code === 'not-found'))
      throw new EngineError('unreachable', error.message, { cause: error });
    throw error;
  }
}

/** The image of that name; fails unless the engine has it: after a pull or build that said nothing went wrong. */
export async function imageMustBeHere(link: Link, image: string, signal: AbortSignal): Promise<SeenImage> {
  const seen = await ask.image(link, image, signal);
  if (!seen) throw new EngineError('garbled', `The engine says nothing went wrong, but the image ${image} is not there`);
  return seen;
}
