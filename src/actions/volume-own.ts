import { get, put } from '../lib/record.ts';
import { placeText } from '../model/data-place.ts';
import type { Observed } from '../model/observed.ts';
import type { Ids, LookedData, SeenData } from '../model/seen-data.ts';
import type { UserOfImage } from '../platform/data-work.ts';
import { touch } from './container-ref.ts';
import { dataTouches, targetOf, whyNoAside, withData, type AsideArgs } from './data-args.ts';
import { defineAction, type ActionKind } from './define.ts';

interface OwnArgs extends AsideArgs {
  readonly owner: OwnerArg;
  readonly mode?: string;
  readonly depth?: number;
}

/** Ids that are known, or whoever an image means by a name: that may be known only when the image is there. */
type OwnerArg =
  { readonly ids: Ids } | { readonly image: string; readonly user?: string; readonly group?: string; readonly withGroup: boolean };

interface DisownArgs extends AsideArgs {
  /** What was found there before; only for the simulation. */
  readonly was?: SeenData;
}

/** A tree of a hundred thousand files takes seconds; a slow disk may take long. */
const ownMs = 10 * 60_000;

/** Gives the files in a volume or folder the owner and mode that are declared. */
export const volumeOwn: ActionKind<OwnArgs> = defineAction<OwnArgs>('volume.own', {
  symbol: '~',
  target: targetOf,
  label: ({ place }) => `give the files in ${placeText(place)} their owner and mode`,
  timeoutMs: () => ownMs,
  touches: (args) => [...dataTouches(args), ...('image' in args.owner ? [touch('image', args.owner.image)] : [])],
  guard: whyNoAside,
  simulate: ({ place, owner }, now) => withData(place, now, (seen) => owned(seen, owner)),
  undo: ({ place, helper, userns, aside }, before) => {
    const was = get(before.data ?? {}, placeText(place));
    return volumeDisown({ place, helper, ...(userns !== undefined && { userns }), aside, ...(was && { was }) });
  },
  async run({ helper, owner, ...args }, { engine, now, signal, unchanged }) {
    const ids = 'ids' in owner ? owner.ids : await engine.idsOf(userOf(owner, now), signal);
    const count = await engine.ownFiles({ ...args, image: helper, ids }, signal);
    if (count === 0) unchanged('every file has its owner and mode already');
  },
});

/** The way back of `volume.own`: reads what is kept in the volume beside it. */
export const volumeDisown: ActionKind<DisownArgs> = defineAction<DisownArgs>('volume.disown', {
  symbol: '~',
  target: targetOf,
  label: ({ place }) => `give the files in ${placeText(place)} back the owner and mode that they had`,
  readsAside: ({ aside }) => aside,
  timeoutMs: () => ownMs,
  touches: dataTouches,
  guard: whyNoAside,
  simulate: ({ place, was }, now) => (was && now.data ? { ...now, data: put(now.data, placeText(place), was) } : now),
  undo: ({ place }) => ({ lost: `the owners of the files in ${placeText(place)}` }),
  run: ({ was: _was, helper, ...args }, { engine, signal }) => engine.disownFiles({ ...args, image: helper }, signal),
});

/** Whom the containers run as is what the image says, where nothing is declared. */
function userOf({ image, user: said, group: saidGroup, withGroup }: Exclude<OwnerArg, { readonly ids: Ids }>, now: Observed): UserOfImage {
  const [user = '', group] = (said ?? get(now.images, image)?.defaults.user ?? '').split(':');
  const chosen = saidGroup ?? group;
  return { image, user, ...(chosen !== undefined && { group: chosen }), withGroup };
}

function owned(seen: LookedData, owner: OwnerArg): LookedData {
  const ids = 'ids' in owner ? owner.ids : seen.wanted;
  return { ...seen, wanted: ids, root: { ...seen.root, ...ids }, differ: 0, sample: [] };
}
