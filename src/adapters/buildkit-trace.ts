import { readMessage, WireError, type Message } from '../lib/protobuf.ts';
import { EngineError } from '../platform/engine-error.ts';

/** What BuildKit tells while it builds. */
export interface Trace {
  readonly steps: readonly TracedStep[];
  /** What a step is at, such as an image's layer that it loads or the name that it gives. */
  readonly parts: readonly { readonly step: string; readonly name: string }[];
  readonly outputs: readonly { readonly step: string; readonly bytes: Uint8Array }[];
  readonly warnings: readonly string[];
}

export interface TracedStep {
  readonly digest: string;
  /** "[base 2/4] RUN make", or "[internal] load build context". */
  readonly name: string;
  readonly started: boolean;
  readonly ended: boolean;
  /** Not run, because the cache has what it makes. */
  readonly cached: boolean;
  /** Empty unless it failed. */
  readonly error: string;
}

/** Reads the `aux` of a line whose id is "moby.buildkit.trace": a StatusResponse of moby/buildkit, api/services/control/control.proto. */
export function readTrace(base64: string): Trace {
  try {
    const status = readMessage(Buffer.from(base64, 'base64'));
    return {
      steps: status.messages(1).map(stepOf),
      parts: status.messages(2).map((part) => ({ step: part.text(2), name: part.text(1) })),
      outputs: status.messages(3).map((output) => ({ step: output.text(1), bytes: output.bytes(4) })),
      warnings: status.messages(4).map((warning) => warning.text(3)),
    };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new EngineError('garbled', `The engine's answer to build makes no sense: ${error.message}`, { cause: error });
  }
}

const stepOf = (vertex: Message): TracedStep => ({
  digest: vertex.text(1),
  name: vertex.text(3),
  started: vertex.has(5),
  ended: vertex.has(6),
  cached: vertex.number(4) !== 0,
  error: vertex.text(7),
});
