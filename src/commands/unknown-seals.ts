import { isSealed, type Sealed } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';

interface Found {
  /** Such as "settings.environment.DB_PASSWORD". */
  readonly path: string;
  /** The last of those that hold it. */
  readonly owner: string;
}

/** Seals whose values were not read this time: what stands at their source now is another value, or nothing. */
export function unknownSeals(parts: ReadonlyMap<string, unknown>, vault: Vault): Found[] {
  const missing = new Map<string, string>();
  for (const [owner, part] of parts) for (const { path, sealed } of sealsIn(part, '')) if (!vault.knows(sealed)) missing.set(path, owner);
  return [...missing].map(([path, owner]) => ({ path, owner }));
}

function sealsIn(value: unknown, path: string): { readonly path: string; readonly sealed: Sealed }[] {
  // What is lost was so when it was written down
  if (isSealed(value)) return value.lost ? [] : [{ path, sealed: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => sealsIn(inner, path ? `${path}.${key}` : key));
}
