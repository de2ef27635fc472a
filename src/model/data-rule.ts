import type { DataPlace } from './data-place.ts';

/** What is declared of the files in one place where data of the stack lies: `x-stack` of a volume, or of a mounted folder. */
export interface DataRule {
  readonly place: DataPlace;
  /** Where it is declared: "volumes.data.x-stack", "services.db.volumes.0.x-stack". */
  readonly path: string;
  readonly owner?: WantedOwner;
  /** As chmod takes it: octal, or symbolic. */
  readonly mode?: string;
  /** How many levels below the root; absent: all. */
  readonly depth?: number;
  readonly onDrift: 'report' | 'fix';
  /** Files to remove before a container with it starts, relative to its root. */
  readonly removeBeforeStart: readonly string[];
  /** "host": the engine maps users, and a service with it is exempt from that. */
  readonly userns?: string;
}

/** Who is to own files: ids, or what an image says. A group that is absent is not looked at. */
export type WantedOwner =
  | { readonly by: 'ids'; readonly uid: number; readonly gid?: number }
  /** Ids or names in digits or letters, as /etc/passwd and /etc/group of the service's image have them. */
  | { readonly by: 'names'; readonly user: string; readonly group?: string; readonly service: string }
  /** Whom the containers of the service run as, with the group that they get. */
  | { readonly by: 'image-user'; readonly service: string };
