import type { CST } from 'yaml';

/**
 * Finds the first place where a document nests deeper than allowed, without recursion: the composer recurses, so this is asked first.
 * Undefined: it does not.
 */
export function tooDeepAt(token: CST.Token, limit: number): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [{ token, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > limit) return next.token.offset;
    const depth = next.depth + 1;
    for (const { key, value } of partsOf(next.token)) {
      if (key) open.push({ token: key, depth });
      if (value) open.push({ token: value, depth });
    }
  }
  return undefined;
}

type Parts = readonly { readonly key?: CST.Token | null; readonly value?: CST.Token }[];

const partsOf = (token: CST.Token): Parts => (token.type === 'document' ? [token] : 'items' in token ? token.items : []);
