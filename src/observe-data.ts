import { fromEntries, get } from './lib/record.ts';
import { placeText } from './model/data-place.ts';
import type { DataRule, WantedOwner } from './model/data-rule.ts';
import type { Desired } from './model/desired.ts';
import { imageOf } from './model/image-of.ts';
import type { Observed } from './model/observed.ts';
import type { Ids, SeenData } from './model/seen-data.ts';
import type { Engine } from './platform/engine.ts';
import { EngineError } from './platform/engine-error.ts';

/**
 * Looks into every place of which something is declared, side by side: one helper each, and none where nothing is declared. What cannot
 * be looked at yet says why.
 */
export async function observeData(
  desired: Desired,
  seen: Observed,
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
): Promise<Pick<Observed, 'data'>> {
  if (!desired.dataRules) return {};
  const looks = desired.dataRules.map(
    async (rule) => [placeText(rule.place), await lookAt(rule, { desired, seen }, { engine, signal })] as const,
  );
  return { data: fromEntries(await Promise.all(looks)) };
}

interface World {
  readonly desired: Desired;
  readonly seen: Observed;
}

interface Asking {
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

async function lookAt({ place, owner, mode, depth, userns, removeBeforeStart }: DataRule, world: World, asking: Asking): Promise<SeenData> {
  const { desired, seen } = world;
  if (place.kind === 'volume' && !get(seen.volumes, place.name)) return { unknown: 'known after create' };
  if (!get(seen.images, desired.helperImage)) return { unknown: 'known when the step runs' };
  const ids = owner ? await idsOf(owner, world, asking) : {};
  if ('unknown' in ids || 'wrong' in ids) return ids;
  const look = { place, image: desired.helperImage, ids, files: removeBeforeStart };
  const said = {
    ...(mode !== undefined && { mode }),
    ...(depth !== undefined && { depth }),
    ...(userns !== undefined && { userns }),
  };
  return { wanted: ids, ...(await asking.engine.lookInto({ ...look, ...said }, asking.signal)) };
}

/** Names mean what the image says that the containers will be made of: if that is still to come, nobody knows. */
async function idsOf(
  owner: WantedOwner,
  { desired, seen }: World,
  { engine, signal }: Asking,
): Promise<Ids | Exclude<SeenData, { looked: number }>> {
  if (owner.by === 'ids') return { uid: owner.uid, ...(owner.gid !== undefined && { gid: owner.gid }) };
  const service = get(desired.services, owner.service);
  const image = service && get(seen.images, imageOf(service));
  if (!service || !image) return { unknown: `known after ${service?.build ? 'build' : 'pull'}` };
  const [user = '', group] = owner.by === 'names' ? [owner.user, owner.group] : (service.settings.user ?? image.defaults.user).split(':');
  try {
    const who = { image: imageOf(service), user, ...(group !== undefined && { group }), withGroup: owner.by === 'image-user' };
    return await engine.idsOf(who, signal);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return { wrong: error.message };
    throw error;
  }
}
