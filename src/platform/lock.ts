/** Who holds a lock, in words for the one who has to wait. */
export interface LockHolder {
  readonly pid: number;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  readonly command: string;
  /** The git commit that is being applied. */
  readonly commit?: string;
}

export interface Lock {
  /** Aborts when the lock has gone while it was held: from then on nothing may be changed. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** The lock, or who has it (undefined: it does not say). */
export type Acquired = { readonly lock: Lock } | { readonly heldBy: LockHolder | undefined };

/** One applier at a time for one stack of one engine; free as soon as its holder has gone, however it went. */
export interface LockKeeper {
  /** Waits for the holder to go until `patience` aborts. */
  acquire(name: string, holder: LockHolder, patience: AbortSignal): Promise<Acquired>;
}

/** A lock that outlives the process that asks, so that another can look at it and take it away. */
export interface SharedLockKeeper extends LockKeeper {
  /** Who has the lock, and has it still when `patience` aborts; undefined: nobody. */
  standing(name: string, patience: AbortSignal): Promise<StandingLock | undefined>;
}

export interface StandingLock {
  readonly heldBy: LockHolder | undefined;
  /** Frees the lock; its holder, if there still is one, changes nothing from then on. */
  takeAway(): Promise<void>;
}
