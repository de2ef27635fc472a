/**
 * What a run keeps on the engine while it is under way, so that another machine can take it back: one text a stack. Throws EngineError.
 */
export interface RunNotes {
  /** Undefined: no run is under way or was interrupted. */
  read(stack: string, signal: AbortSignal): Promise<string | undefined>;
  /** In place of one that is there. */
  write(stack: string, text: string): Promise<void>;
  remove(stack: string): Promise<void>;
}
