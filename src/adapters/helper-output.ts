/** What a helper prints up to the mark that its output is whole: helper-hold.ts. */
export interface HelperOutput {
  readonly bytes: AsyncGenerator<Uint8Array>;
  /** "whole": the mark has come. "cut": the output ended without it. "open": nobody read on. */
  state(): 'whole' | 'cut' | 'open';
}

/** The last bytes are held back until it is known that they are not the mark. */
export function helperOutput(source: AsyncIterable<Uint8Array>, mark: Buffer): HelperOutput {
  let state: 'whole' | 'cut' | 'open' = 'open';
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let held: Buffer = Buffer.alloc(0);
    for await (const chunk of source) {
      const [passed, kept] = split(held, chunk, mark.length);
      yield* passed;
      held = kept;
      if (!held.equals(mark)) continue;
      state = 'whole';
      return;
    }
    state = 'cut';
    if (held.length > 0) yield held;
  }
  return { bytes: bytes(), state: () => state };
}

/** All but the last so many bytes of both, and these; a large chunk is not copied. */
function split(held: Buffer, chunk: Uint8Array, keep: number): [passed: Uint8Array[], kept: Buffer] {
  if (chunk.length < keep) {
    const both = Buffer.concat([held, chunk]);
    const end = Math.max(0, both.length - keep);
    return [end > 0 ? [both.subarray(0, end)] : [], both.subarray(end)];
  }
  const end = chunk.length - keep;
  return [[held, chunk.subarray(0, end)].filter(({ length }) => length > 0), Buffer.from(chunk.subarray(end))];
}
