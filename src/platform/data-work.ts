import type { DataPlace } from '../model/data-place.ts';
import type { Ids, LookedData } from '../model/seen-data.ts';

/**
 * What is done inside volumes and folders: looked at, given other owners, and taken back. Part of the Engine, because it happens on the
 * engine's machine and with its users. Every method fails with an EngineError and nothing else, and may be done again.
 */
export interface DataWork {
  /** The ids of a user of an image. "not-found": the image has no such name. The image must be there. */
  idsOf(who: UserOfImage, signal: AbortSignal): Promise<Ids>;
  /** Reads only. What is not seen within the bounds is not counted. */
  lookInto(look: DataLook, signal: AbortSignal): Promise<Omit<LookedData, 'wanted'>>;
  /** Gives what differs its owner and mode; how many entries. Before the first change, what they were is on disk in `aside`. */
  ownFiles(order: OwnOrder, signal: AbortSignal): Promise<number>;
  /** Gives every entry that is still the same one the owner and mode that it had before `ownFiles`. */
  disownFiles(order: AsideOrder, signal: AbortSignal): Promise<void>;
  /** Removes regular files that are there, after they are copied to `aside`; how many. */
  removeFiles(order: FilesOrder, signal: AbortSignal): Promise<number>;
  /** Puts back what `removeFiles` took, in place of what stands there now. */
  putBackFiles(order: FilesOrder, signal: AbortSignal): Promise<void>;
}

/** A user as /etc/passwd and /etc/group of an image know them; digits are ids. */
export interface UserOfImage {
  readonly image: string;
  readonly user: string;
  readonly group?: string;
  /** Without a group: the one that a container of this user gets, or none. */
  readonly withGroup: boolean;
}

interface Helped {
  readonly place: DataPlace;
  /** Of the helper. */
  readonly image: string;
  readonly userns?: string;
}

export interface DataLook extends Helped {
  readonly ids: Ids;
  /** As chmod takes it. */
  readonly mode?: string;
  readonly depth?: number;
  readonly files: readonly string[];
}

/** With a volume in which this run keeps what is needed to take its work back. */
export interface AsideOrder extends Helped {
  readonly aside: string;
}

export interface OwnOrder extends AsideOrder {
  readonly ids: Ids;
  readonly mode?: string;
  readonly depth?: number;
}

export interface FilesOrder extends AsideOrder {
  readonly files: readonly string[];
}
