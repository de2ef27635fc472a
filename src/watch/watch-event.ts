import type { Sorted } from './sort-out.ts';
import type { Drift } from '../model/drift.ts';

/** What a watch tells; every view sees this and nothing else. */
export type WatchEvent =
  /** `others`: changes that are not drift. */
  | { readonly type: 'watching'; readonly policy: 'report' | 'heal'; readonly drifts: number; readonly others: number }
  | ({ readonly type: 'drifted' } & Sorted)
  | { readonly type: 'in-order'; readonly drift: Drift }
  | { readonly type: 'healing'; readonly drifts: readonly Drift[] }
  | { readonly type: 'healed'; readonly drifts: readonly Drift[]; readonly failed?: string }
  /** Nothing can be seen; it goes on trying. */
  | { readonly type: 'blind'; readonly because: string }
  | { readonly type: 'seeing' }
  | { readonly type: 'gave-up'; readonly drifts: readonly Drift[]; readonly heals: number };
