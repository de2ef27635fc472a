import type { FieldDiff } from '../model/change.ts';
import type { DataRule } from '../model/data-rule.ts';
import { isLooked, type FileOwner, type Ids, type LookedData, type SeenData } from '../model/seen-data.ts';

/** What is declared of a place's files against what its root has, as a plan shows it. */
export function ownFields(rule: DataRule, seen: SeenData | undefined): FieldDiff[] {
  const have = isLooked(seen) ? seen : undefined;
  const unknown = seen && 'unknown' in seen ? `(${seen.unknown})` : '(known after create)';
  const owner = { path: 'owner', have: have ? ownerText(have.root, rule) : unknown, want: wantedText(rule, have?.wanted) };
  const mode = { path: 'mode', have: have ? octal(have.root.mode) : unknown };
  const both = [...(rule.owner ? [owner] : []), ...(rule.mode === undefined ? [] : [{ ...mode, want: rule.mode }])];
  return both.map((each) => ({ ...each, cause: 'data', mend: 'update' }));
}

/** Why files are given their owner: how many differ, and some of them. */
export function ownBecause(seen: SeenData | undefined, isNew: boolean): string {
  if (isNew) return 'a new volume belongs to root, or to whom its image says';
  return isLooked(seen) ? differText(seen) : 'declared, and looked at when the step runs';
}

/** "412 of 413 entries differ, such as storage and storage/wal" */
export function differText({ differ, looked, isWhole, sample }: LookedData): string {
  const count = `${differ} of ${isWhole ? '' : 'the first '}${looked} ${looked === 1 ? 'entry differs' : 'entries differ'}`;
  const such = sample.length === 0 || looked === 1 ? '' : `, such as ${listed(sample)}`;
  return `${count}${such}`;
}

const listed = (paths: readonly string[]): string =>
  [paths.slice(0, -1).join(', '), ...paths.slice(-1)].filter((part) => part !== '').join(' and ');

/** The owner of the root, with its group where the group is spoken of. */
export const ownerText = ({ uid, gid }: FileOwner, { owner }: DataRule): string =>
  owner?.by === 'image-user' || (owner?.by === 'ids' ? owner.gid : owner?.group) !== undefined ? `${uid}:${gid}` : String(uid);

/** The owner that is declared, by its ids where they are known. */
export function wantedText({ owner }: DataRule, ids: Ids | undefined): string {
  if (!owner) return '';
  const known = ids?.uid === undefined ? undefined : [ids.uid, ...(ids.gid === undefined ? [] : [ids.gid])].join(':');
  if (owner.by === 'ids') return [owner.uid, ...(owner.gid === undefined ? [] : [owner.gid])].join(':');
  const said = owner.by === 'image-user' ? 'image-user' : [owner.user, ...(owner.group === undefined ? [] : [owner.group])].join(':');
  return known === undefined ? said : `${known} (${said})`;
}

export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
