import { get, put } from '../lib/record.ts';
import type { SeenImage } from '../model/observed.ts';
import { fitsPlatform } from '../model/platform.ts';
import { touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface Args {
  readonly image: string;
  readonly platform?: string;
  readonly timeoutMs: number;
}

export const imagePull: ActionKind<Args> = defineAction<Args>('image.pull', {
  symbol: '+',
  cancellable: true,
  target: ({ image }) => image,
  label: ({ image, platform }) => `pull image ${image}${platform === undefined ? '' : ` for ${platform}`}`,
  timeoutMs: ({ timeoutMs }) => timeoutMs,
  touches: ({ image }) => [touch('image', image)],
  guard: () => undefined,
  simulate({ image, platform }, now) {
    const { inRegistry, ...here } = get(now.images, image) ?? unknownImage(image);
    const isOther = inRegistry === 'newer' || !fitsPlatform(here, platform);
    const pulled = isOther ? { ...here, id: unknownImage(image).id, ...(platform !== undefined && { platform }) } : here;
    return { ...now, images: put(now.images, image, pulled) };
  },
  undo: () => 'not-needed', // an image nobody uses does no harm
  run: ({ image, platform }, { engine, onProgress, signal }) =>
    engine.pullImage({ image, ...(platform !== undefined && { platform }) }, { onProgress, signal }),
});

/** An image of which nothing is known but that it is there. */
export const unknownImage = (image: string): SeenImage => ({
  id: `sha256:${image}`,
  digests: [],
  defaults: { command: [], entrypoint: [], environment: {}, labels: {}, user: '', working_dir: '', stop_signal: '', volumes: [] },
});
