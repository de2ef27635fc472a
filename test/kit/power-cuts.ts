import { make, type Change, type Image } from './crash-disk.ts';
import type { DiskMoment } from './crash-fs.ts';

/** So many changes that are not on disk for sure: of more, not all subsets are taken. */
const mostForAllSubsets = 5;

/**
 * What a power cut at that moment may leave: any subset of the changes that were not synced, in their order, and the last write torn
 * at any byte (at so many places at most, evenly spread), its beginning or its end being there.
 */
export function* afterPowerCut({ lasting, pending }: DiskMoment, mostCuts: number): Generator<Image> {
  const last = pending.findLastIndex(({ of }) => of === 'data');
  for (const kept of subsets(pending.length)) {
    yield imageWith(
      lasting,
      pending.filter((_, i) => kept.has(i)),
    );
    const torn = pending[last];
    if (!kept.has(last) || torn?.of !== 'data') continue;
    for (const part of parts(torn, mostCuts))
      yield imageWith(
        lasting,
        pending.flatMap((change, i) => (i === last ? part : kept.has(i) ? change : [])),
      );
  }
}

function imageWith(lasting: Image, changes: readonly Change[]): Image {
  const image = new Map(lasting);
  for (const change of changes) make(change, image);
  return image;
}

function* parts(write: Extract<Change, { readonly of: 'data' }>, mostCuts: number): Generator<Change> {
  const { at, bytes } = write;
  const stride = Math.max(1, Math.ceil(bytes.length / mostCuts));
  for (let cut = 1; cut < bytes.length; cut += stride) {
    yield { ...write, bytes: bytes.subarray(0, cut) };
    yield { ...write, at: at + cut, bytes: bytes.subarray(cut) };
  }
}

function* subsets(count: number): Generator<ReadonlySet<number>> {
  const all = Array.from({ length: count }, (_, i) => i);
  if (count <= mostForAllSubsets) {
    for (let bits = 0; bits < 2 ** count; bits++) yield new Set(all.filter((i) => bits & (1 << i)));
    return;
  }
  for (let size = 0; size <= count; size++) yield new Set(all.slice(0, size));
  for (const without of all) yield new Set(all.filter((i) => i !== without));
}
