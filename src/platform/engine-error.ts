/** What went wrong between us and the engine, in a few words that the rest of the program can act on. */
export type EngineErrorCode =
  | 'not-found'
  | 'conflict'
  /** The engine understood and said no: bad request, or its own failure. */
  | 'refused'
  | 'unauthorized'
  /** No socket, nobody listening, or the connection broke: whether it happened is not known. */
  | 'unreachable'
  /** The socket is there but this user may not use it. */
  | 'forbidden'
  /** No answer before the deadline: whether it happened is not known. */
  | 'timeout'
  /** An answer that is not what the Engine API promises. */
  | 'garbled';

/** The only error that the engine's adapter throws. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  /** What was printed last, oldest first, by that of the engine which failed: a step of a build. */
  readonly log: readonly string[];

  constructor(code: EngineErrorCode, message: string, options: ErrorOptions & { readonly log?: readonly string[] } = {}) {
    super(message, options);
    this.code = code;
    this.log = options.log ?? [];
  }

  /** Whether the effect may have happened all the same. */
  get unknownOutcome(): boolean {
    return this.code === 'unreachable' || this.code === 'timeout' || this.code === 'garbled';
  }
}
