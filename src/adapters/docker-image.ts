import { Readable } from 'node:stream';
import type { ImageBuildOptions } from 'dockerode';
import { mapValues } from '../lib/record.ts';
import type { BuildSpec } from '../model/desired.ts';
import type { SeenImage } from '../model/observed.ts';
import { fitsPlatform } from '../model/platform.ts';
import type { Vault } from '../model/vault.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { CallContext, ImagePull } from '../platform/engine.ts';
import { answerOf, type Answer } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { contextArchive, dockerfilePath } from './docker-context.ts';
import { refusalError } from './docker-failure.ts';
import { allLogins, loginFor } from './docker-login.ts';
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
      failIfError(line, `pull ${image}`);
      const note = [line.text('id'), line.text('status')].filter((part) => part !== '').join(': ');
      if (note !== '' && note !== told) onProgress(note);
      told = note;
    }
  });
  const pulled = await mustBeHere(link, image, signal);
  // Docker 20.10 takes what there is with no more than a warning
  if (!fitsPlatform(pulled, platform))
    throw new EngineError('not-found', `The registry has ${image} for ${pulled.platform ?? 'another platform'}, not for ${platform ?? ''}`);
}

/** Builds an image with the engine's own builder from a folder, as `docker build` without BuildKit does. */
export async function buildImage(
  link: Link,
  { image, build }: { readonly image: string; readonly build: BuildSpec },
  { onProgress, signal }: CallContext,
): Promise<void> {
  const registryconfig = await allLogins(signal);
  await call({ what: `build ${image}`, signal }, async (until) => {
    const answer: unknown = await link.docker(until).buildImage(Readable.from(contextArchive(build), { objectMode: false }), {
      ...buildOptions(image, build, link.vault),
      registryconfig,
      rm: true,
      forcerm: true,
    });
    let last = '';
    for await (const line of jsonLines(streamOf(answer, 'build'), 'build')) {
      failIfError(line, `build ${image}${last === '' ? '' : ` at "${last}"`}`);
      const note = line.text('stream').trim() || line.text('status');
      if (/^Step \d/.test(note)) last = note;
      if (note !== '') onProgress(note);
    }
  });
  await mustBeHere(link, image, signal);
}

/** What the builder is asked for, beside its files. */
export function buildOptions(image: string, build: BuildSpec, vault: Vault) {
  const { target, labels, network, shmSize, extraHosts, cacheFrom, noCache, pull, tags = [], ulimits, platform } = build;
  const options = {
    t: [image, ...tags],
    dockerfile: dockerfilePath(build).path,
    buildargs: { ...mapValues(build.args, vault.open) },
    ...(target !== undefined && { target }),
    ...(labels && { labels: { ...mapValues(labels, vault.open) } }),
    ...(network !== undefined && { networkmode: network }),
    ...(shmSize !== undefined && { shmsize: shmSize }),
    ...(extraHosts && { extrahosts: [...extraHosts] }),
    ...(cacheFrom && { cachefrom: JSON.stringify(cacheFrom) }),
    ...(noCache && { nocache: true }),
    ...(pull && { pull: true }),
    ...(ulimits && {
      ulimits: JSON.stringify(Object.entries(ulimits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard }))),
    }),
    ...(platform !== undefined && { platform }),
  };
  // @types/dockerode (4.0.2) knows one name and one host
  return options as unknown as ImageBuildOptions & typeof options;
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

// The status of these answers is 200 whatever happens; how it went stands in their lines
function failIfError(line: Answer, asked: string): void {
  const said = line.inside('errorDetail').text('message') || line.text('error');
  if (said !== '') throw refusalError({ status: 500, body: JSON.stringify({ message: said }), asked });
}

async function mustBeHere(link: Link, image: string, signal: AbortSignal): Promise<SeenImage> {
  const seen = await ask.image(link, image, signal);
  if (!seen) throw new EngineError('garbled', `The engine says nothing went wrong, but the image ${image} is not there`);
  return seen;
}
