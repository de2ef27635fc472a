import { get, put } from '../lib/record.ts';
import type { BuildSpec } from '../model/desired.ts';
import { touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';
import { unknownImage } from './image-pull.ts';

interface Args {
  readonly image: string;
  readonly build: BuildSpec;
  readonly timeoutMs: number;
}

export const imageBuild: ActionKind<Args> = defineAction<Args>('image.build', {
  symbol: '+',
  cancellable: true,
  target: ({ image }) => image,
  label: ({ image, build }) => `build image ${image} from ${build.context}`,
  timeoutMs: ({ timeoutMs }) => timeoutMs,
  touches: ({ image }) => [touch('image', image)],
  guard: () => undefined,
  simulate: ({ image }, now) => (get(now.images, image) ? now : { ...now, images: put(now.images, image, unknownImage(image)) }),
  undo: () => 'not-needed', // an image nobody uses does no harm
  run: ({ image, build }, { engine, onProgress, signal }) => engine.buildImage(image, build, { onProgress, signal }),
});
