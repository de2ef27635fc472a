import type { BackupPolicy } from './backup-policy.ts';
import type { DataPlace, VolumePlace } from './data-place.ts';
import type { DataRule } from './data-rule.ts';
import type { NetworkSpec, VolumeSpec, WantedContainer } from './desired.ts';
import type { SeenContainer, SeenNetwork, SeenVolume } from './observed.ts';
import type { RestoreSource } from './restore-source.ts';
import type { Ids } from './seen-data.ts';
import type { Text } from './text.ts';

/**
 * Why something differs: the file changed, somebody changed the machine, the tag means another image, a mounted file changed, somebody
 * outside the stack holds a port that it wants, work is done in a volume that it uses.
 */
export type Cause = 'file' | 'drift' | 'image' | 'content' | 'port' | 'data';

/** A value as a plan shows it. */
export type Leaf = Text | number | boolean | null | readonly Text[];

/** One field that differs. `have` or `want` is absent where there is nothing on that side. */
export interface FieldDiff {
  /** "environment.LOG_LEVEL", "ports.8080:80/tcp" */
  readonly path: string;
  readonly have?: Leaf;
  readonly want?: Leaf;
  readonly cause: Cause;
  /** Only if the build or pull that comes before ends in another image. */
  readonly pending?: true;
  /**
   * How it is mended: in the running container, or only by a new one. "create": a container that is not there gets it. "standstill": the
   * container stays, and stands still while others work on what it uses. "pause": it is paused meanwhile.
   */
  readonly mend: 'create' | 'replace' | 'update' | 'networks' | 'rename' | 'restart' | 'signal' | 'standstill' | 'pause';
}

/** What differs, and why we say so. Nothing about how, or in which order, to mend it. */
export type Change =
  | { readonly verb: 'create'; readonly of: 'network'; readonly want: NetworkSpec; readonly because: string }
  | { readonly verb: 'remove'; readonly of: 'network'; readonly have: SeenNetwork; readonly because: string }
  | {
      readonly verb: 'replace';
      readonly of: 'network';
      readonly want: NetworkSpec;
      readonly have: SeenNetwork;
      readonly fields: readonly FieldDiff[];
      readonly because: string;
    }
  | { readonly verb: 'create'; readonly of: 'volume'; readonly want: VolumeSpec; readonly because: string }
  | {
      readonly verb: 'replace';
      readonly of: 'volume';
      readonly want: VolumeSpec;
      readonly have: SeenVolume;
      readonly fields: readonly FieldDiff[];
      readonly because: string;
    }
  | { readonly verb: 'remove'; readonly of: 'volume'; readonly have: SeenVolume; readonly because: string }
  | DataChange
  | ContainerChange;

/** Work inside a volume or folder. All containers that have it mounted let go before, and come up afterwards. */
export type DataChange = OwnChange | BackupChange | RestoreChange;

interface InPlace {
  readonly of: 'volume';
  readonly verb: 'update';
  readonly place: DataPlace;
  /** A volume of which nothing is known but that it is empty, or not there yet. */
  readonly isEmpty?: true;
  readonly fields: readonly FieldDiff[];
  readonly because: string;
}

export interface OwnChange extends InPlace {
  readonly work: OwnWork;
}

export interface BackupChange extends InPlace {
  readonly place: VolumePlace;
  readonly work: BackupWork;
}

/** Copies a volume. */
export interface BackupWork {
  readonly kind: 'backup';
  readonly policy: BackupPolicy;
  /** Absent: nothing is to be put back, for nothing but this copy is done. */
  readonly rewind?: Rewind;
  /** What was copied is removed afterwards: the copy is read again before. */
  readonly verify?: true;
}

/** Whether a rollback puts back what was copied, or why not. */
export type Rewind = { readonly possible: true } | { readonly possible: false; readonly why: string };

export interface RestoreChange extends InPlace {
  readonly place: VolumePlace;
  readonly work: RestoreWork;
}

/** Puts other content into a volume, from a backup or a tar. */
export interface RestoreWork {
  readonly kind: 'restore';
  readonly from: RestoreSource;
}

/** Gives files the owner and mode that are declared, and takes files out of the way that must not be there at a start. */
export interface OwnWork {
  readonly kind: 'own';
  readonly rule: DataRule;
  /** As far as they are known now. */
  readonly ids?: Ids;
  /** False: the files have their owners already. */
  readonly owns: boolean;
  readonly removes: readonly string[];
}

export type ContainerChange = { readonly of: 'container'; readonly because: string } & (
  | {
      readonly verb: 'create';
      readonly want: WantedContainer;
      /** The last apply left it standing, so somebody removed it. */
      readonly gone?: true;
      /** With `gone`: paths of fields whose declaration differs from what was applied; absent when nothing says what was applied. */
      readonly edited?: readonly string[];
    }
  | { readonly verb: 'start'; readonly want: WantedContainer; readonly have: SeenContainer }
  | {
      readonly verb: 'update' | 'replace';
      readonly want: WantedContainer;
      readonly have: SeenContainer;
      readonly fields: readonly FieldDiff[];
      readonly leaves?: Leaves;
      readonly frees?: Frees;
    }
  | { readonly verb: 'remove'; readonly have: SeenContainer; readonly leaves?: Leaves; readonly frees?: Frees }
);

/**
 * Names of networks that are made anew while the container stands aside. It is disconnected first: a container that hangs on a network
 * which is gone could not be started again on the way back.
 */
type Leaves = readonly string[];

/**
 * Names of volumes that are made anew. An engine removes no volume that a container mounts, running or not: so the container does not
 * stand aside, it is removed, and no walk back brings it back.
 */
type Frees = readonly string[];
