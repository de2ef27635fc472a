import { fromEntries, get, put } from '../lib/record.ts';
import { placeText } from '../model/data-place.ts';
import type { SeenData } from '../model/seen-data.ts';
import { dataTouches, targetOf, whyNoAside, withData, type AsideArgs } from './data-args.ts';
import { defineAction, type ActionKind } from './define.ts';

interface FilesArgs extends AsideArgs {
  /** Relative to the root of the place. */
  readonly files: readonly string[];
}

interface PutBackArgs extends FilesArgs {
  /** What was found there before; only for the simulation. */
  readonly was?: SeenData;
}

/** Files of any size are copied. */
const filesMs = 10 * 60_000;

/** Takes files out of the way that must not be there when a container starts. */
export const volumeRemoveFiles: ActionKind<FilesArgs> = defineAction<FilesArgs>('volume.remove-files', {
  symbol: '-',
  target: targetOf,
  label: ({ place, files }) => `remove ${files.join(', ')} from ${placeText(place)}`,
  timeoutMs: () => filesMs,
  touches: dataTouches,
  guard: whyNoAside,
  simulate: ({ place, files }, now) =>
    withData(place, now, (seen) => ({ ...seen, files: fromEntries(Object.entries(seen.files).filter(([name]) => !files.includes(name))) })),
  undo: ({ place, helper, userns, aside, files }, before) => {
    const was = get(before.data ?? {}, placeText(place));
    return volumePutBackFiles({ place, helper, ...(userns !== undefined && { userns }), aside, files, ...(was && { was }) });
  },
  async run({ helper, ...args }, { engine, signal, unchanged }) {
    if ((await engine.removeFiles({ ...args, image: helper }, signal)) === 0) unchanged('none of them is there');
  },
});

/** The way back of `volume.remove-files`: what it took lies in the volume beside it. */
export const volumePutBackFiles: ActionKind<PutBackArgs> = defineAction<PutBackArgs>('volume.put-back-files', {
  symbol: '+',
  target: targetOf,
  label: ({ place, files }) => `put ${files.join(', ')} back into ${placeText(place)}`,
  readsAside: ({ aside }) => aside,
  timeoutMs: () => filesMs,
  touches: dataTouches,
  guard: whyNoAside,
  simulate: ({ place, was }, now) => (was && now.data ? { ...now, data: put(now.data, placeText(place), was) } : now),
  undo: ({ place, files }) => ({ lost: `${files.join(', ')} in ${placeText(place)}` }),
  run: ({ was: _was, helper, ...args }, { engine, signal }) => engine.putBackFiles({ ...args, image: helper }, signal),
});
