import type { CST } from 'yaml';

/**
 * Finds the first place where a document nests deeper than allowed, without recursion: the composer recurses, so this is asked first.
 * Undefined: it does not.
 */
export function tooDeepAt(token: CST.Token, limit: number): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [{ token, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > limit) return next.token.offset;
    for (const inner of innerTokens(next.token)) open.push({ token: inner, depth: next.depth + 1 });
  }
  return undefined;
}

function innerTokens(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter((inner) => inner !== null && inner !== undefined));
}
