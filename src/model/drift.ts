import type { FieldDiff } from './change.ts';

/** One resource that is not as it was applied, because somebody changed the machine. */
export interface Drift {
  readonly of: 'container' | 'network' | 'volume' | 'folder';
  /** The engine's name, as it is wanted. */
  readonly name: string;
  /** Absent for networks and volumes. */
  readonly service?: string;
  /** Of the container that stands there: 64 hex digits. */
  readonly id?: string;
  /** "up": it runs, but is not what it was. */
  readonly stands: 'gone' | 'down' | 'paused' | 'up';
  readonly because: string;
  /** What was changed on the machine; what the file changed as well is left out. */
  readonly fields: readonly FieldDiff[];
  /** Whether the file (or an image, or a mounted file) has changed as well: to mend it would apply that too. */
  readonly edited: boolean;
}

/** What a look has found. */
export interface DriftFound {
  /** In the order in which a plan would mend them. */
  readonly drifts: readonly Drift[];
  /** How many changes are not, or not only, drift. */
  readonly others: number;
}

/** Names a drifted resource among all others: "container shop-web-1". */
export const driftKey = ({ of, name }: Pick<Drift, 'of' | 'name'>): string => `${of} ${name}`;
