/** Who has a volume mounted. */
export interface VolumeUser {
  /** Of the container. */
  readonly name: string;
  /** Absent: of no stack. */
  readonly stack?: string;
  readonly running: boolean;
  /** Whether it may write to it. */
  readonly writes: boolean;
}
