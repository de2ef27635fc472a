/** Looks into the images that an engine has; changes nothing. Fails with an EngineError and nothing else. */
export interface ImageReader {
  /** Whether an image brings a health check along, and how large it is; undefined if it is not local. */
  look(reference: string, signal: AbortSignal): Promise<SeenInside | undefined>;
  /** The names of all files of a local image, without their folders; undefined if its layers are packed in a way that is not known. */
  fileNames(reference: string, signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
}

export interface SeenInside {
  readonly healthcheck: boolean;
  /** Bytes. */
  readonly size: number;
}
