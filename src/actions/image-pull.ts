import { get, put } from '../lib/record.ts';
import type { SeenImage } from '../model/observed.ts';
import { touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface Args {
  readonly image: string;
  readonly timeoutMs: number;
}

export const imagePull: ActionKind<Args> = defineAction<Args>('image.pull', {
  symbol: '+',
  cancellable: true,
  target: ({ image }) => image,
  label: ({ image }) => `pull image ${image}`,
  timeoutMs: ({ timeoutMs }) => timeoutMs,
  touches: ({ image }) => [touch('image', image)],
  guard: () => undefined,
  simulate({ image }, now) {
    const { inRegistry, ...here } = get(now.images, image) ?? unknownImage(image);
    return { ...now, images: put(now.images, image, inRegistry === 'newer' ? { ...here, id: unknownImage(image).id } : here) };
  },
  undo: () => 'not-needed', // an image nobody uses does no harm
  run: ({ image }, { engine, onProgress, signal }) => engine.pullImage(image, onProgress, signal),
});

/** An image of which nothing is known but that it is there. */
export const unknownImage = (image: string): SeenImage => ({
  id: `sha256:${image}`,
  digests: [],
  defaults: { command: [], entrypoint: [], environment: {}, labels: {}, user: '', working_dir: '', stop_signal: '', volumes: [] },
});
