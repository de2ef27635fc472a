import type { ImageBuildOptions } from 'dockerode';
import { mapValues } from '../lib/record.ts';
import { givenByBuildKit, isNetworkOfBuildKit, isRemoteContext, whoHasBuildKit } from '../model/builder.ts';
import type { BuildSpec } from '../model/desired.ts';
import type { Vault } from '../model/vault.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { CallContext, Engine } from '../platform/engine.ts';
import type { Answer } from './docker-answer.ts';
import type { Link } from './docker-ask.ts';
import { call } from './docker-call.ts';
import { contextArchive, dockerfilePath } from './docker-context.ts';
import { streamError } from './docker-failure.ts';
import { imageMustBeHere } from './docker-image.ts';
import { allLogins } from './docker-login.ts';
import { jsonLines, streamOf } from './docker-stream.ts';

/** A build, and what the engine is asked for beside its files. */
export interface BuildOrder {
  readonly image: string;
  readonly build: BuildSpec;
  readonly options: BuildOptions;
}

type BuildOptions = ReturnType<typeof buildOptions>;

/** What a build works with. */
interface BuildLink extends Link {
  readonly builder: Engine['builder'];
}

/** Builds an image from a folder: with BuildKit where the engine offers it and can do what is asked, else with its classic builder. */
export async function buildImage(
  link: BuildLink,
  { image, build }: { readonly image: string; readonly build: BuildSpec },
  { onProgress, signal }: CallContext,
): Promise<void> {
  const order = { image, build, options: buildOptions(image, build, link.vault) };
  const context = { signal, onProgress: (note: string): void => onProgress(link.vault.mask(note)) };
  if ((await link.builder(signal)) === 'buildkit' && isNetworkOfBuildKit(build.network)) {
    const { buildWithBuildKit } = await import('./buildkit-build.ts'); // only here, so that no other start pays for it
    await buildWithBuildKit(link, order, context);
  } else await buildClassic(link, order, context);
  await imageMustBeHere(link, image, signal);
}

async function buildClassic(link: Link, { image, build, options }: BuildOrder, { onProgress, signal }: CallContext): Promise<void> {
  const given = givenByBuildKit(build);
  if (given !== undefined) throw new EngineError('refused', `The build is given ${given}: this needs ${whoHasBuildKit}`);
  const registryconfig = await allLogins(signal);
  await call({ what: `build ${image}`, signal }, async (until) => {
    const answer: unknown = await link
      .docker(until)
      .buildImage(contextArchive(build), { ...options, registryconfig, rm: true, forcerm: true });
    let isBuilt = false;
    for await (const line of jsonLines(streamOf(answer, 'build'), 'build')) {
      const error = streamError(line, `build ${image}`);
      if (error) throw error;
      const note = line.text('stream').trim() || line.text('status');
      if (note !== '') onProgress(note);
      isBuilt ||= saysWhatItMade(line, note);
    }
    // The old image has the name until then: only the stream tells that there is a new one
    if (!isBuilt) throw new EngineError('garbled', `The engine ended the build of ${image} without saying what it made`);
  }).catch((error: unknown) => {
    throw withHint(error);
  });
}

/** The last word of a build: its image's id (Docker from API 1.29 on, Podman from 4 on), or the same in words. */
const saysWhatItMade = (line: Answer, note: string): boolean =>
  line.inside('aux').text('ID') !== '' || note.startsWith('Successfully built');

/** A heredoc looks to the classic builder as if its lines were instructions. */
const beyondClassic = /requires BuildKit|unknown (instruction|flag)/i;

function withHint(error: unknown): unknown {
  if (!(error instanceof EngineError && beyondClassic.test(error.message))) return error;
  const hint = `it was built with the engine's classic builder; if the Dockerfile is right, this needs ${whoHasBuildKit}`;
  return new EngineError(error.code, `${error.message} (${hint})`, { cause: error });
}

/** What the builder is asked for, beside its files. */
function buildOptions(image: string, build: BuildSpec, vault: Vault) {
  const { target, labels, network, shmSize, extraHosts, cacheFrom, noCache, pull, tags = [], ulimits, platform } = build;
  const options = {
    t: [image, ...tags],
    dockerfile: dockerfilePath(build).path,
    ...(isRemoteContext(build.context) && { remote: build.context }),
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
