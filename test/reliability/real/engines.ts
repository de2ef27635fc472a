import { startPrivateEngine, type PrivateEngine, type PrivateEngineOptions } from '../../kit/private-engine.ts';
import { createStage, type Stage, type Texts } from './stage.ts';

/** A stage on an engine of its own, which may be frozen and killed. */
export interface EngineStage extends Stage {
  readonly engine: PrivateEngine;
}

/** Engines that are started for a campaign and used for one stage after another. */
export async function engineLanes(
  count: number,
  { more = [], images = ['busybox'] }: Pick<PrivateEngineOptions, 'more' | 'images'> = {},
): Promise<AsyncDisposable & { stage(lane: number, texts: Texts): Promise<EngineStage> }> {
  const engines = await Promise.all(Array.from({ length: count }, () => startPrivateEngine({ more, images })));
  return {
    async stage(lane, texts) {
      const engine = engines[lane]!;
      engine.kill('SIGCONT');
      return { ...(await createStage(texts, engine.dockerHost)), engine };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(engines.map((engine) => engine.stop()));
    },
  };
}
