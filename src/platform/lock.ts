/** Who holds a lock, in words for the one who has to wait. */
export interface LockHolder {
  readonly pid: number;
  readonly user: string;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  readonly command: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** One applier at a time for one stack of one engine; free as soon as its holder has gone, however it went. */
export interface LockKeeper {
  /** The lock, or who has it (undefined: it does not say). Never waits. */
  acquire(name: string, holder: LockHolder): Promise<{ readonly lock: Lock } | { readonly heldBy: LockHolder | undefined }>;
}
