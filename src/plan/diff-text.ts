import type { Leaf } from '../model/change.ts';
import { isSealed } from '../model/text.ts';

interface Diff {
  readonly path: string;
  readonly have?: Leaf;
  readonly want?: Leaf;
}

/** One difference inside a sentence: "driver macvlan instead of bridge". */
export function diffText({ path, have, want }: Diff): string {
  if (have === undefined) return `no ${path} instead of ${shown(want)}`;
  return want === undefined ? `${path} ${shown(have)}, which is not declared` : `${path} ${shown(have)} instead of ${shown(want)}`;
}

const shown = (leaf: unknown): string => (isSealed(leaf) ? leaf.shown : leaf === '' ? '""' : String(leaf));
