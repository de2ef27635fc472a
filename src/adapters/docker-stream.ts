import { Readable } from 'node:stream';
import { linesIn } from '../lib/lines.ts';
import { EngineError } from '../platform/engine-error.ts';
import { answerOf, type Answer } from './docker-answer.ts';

/** An answer that should be a stream. */
export function streamOf(answer: unknown, asked: string): Readable {
  if (answer instanceof Readable) return answer;
  throw new EngineError('garbled', `The engine's answer to ${asked} is not a stream`);
}

/** One JSON object a line, as events, pull and build answer. Breaks off with the stream's own error. */
export async function* jsonLines(stream: Readable, asked: string): AsyncGenerator<Answer> {
  for await (const line of linesIn(bytesOf(stream))) if (line.trim() !== '') yield parseLine(line, asked);
}

function parseLine(line: string, asked: string): Answer {
  try {
    const value: unknown = JSON.parse(line);
    return answerOf(value, asked);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError('garbled', `The engine's answer to ${asked} is not JSON`, { cause: error });
  }
}

export interface Frame {
  readonly from: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** The frames of a program's two output streams: 8 bytes of header each. Programs with a terminal have no frames. */
export async function* framesOf(stream: Readable): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  let raw: boolean | undefined;
  for await (const chunk of bytesOf(stream)) {
    rest = Buffer.concat([rest, chunk]);
    raw ??= rest.length >= 4 ? !startsFrame(rest) : undefined;
    if (raw) {
      yield { from: 'stdout', bytes: rest };
      rest = Buffer.alloc(0);
    }
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
      const end = 8 + rest.readUInt32BE(4);
      yield { from: rest[0] === 2 ? 'stderr' : 'stdout', bytes: rest.subarray(8, end) };
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) yield { from: 'stdout', bytes: raw === false ? rest.subarray(8) : rest };
}

const startsFrame = (bytes: Buffer): boolean => (bytes[0] ?? 3) <= 2 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0;

async function* bytesOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    const piece: unknown = chunk;
    yield Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
  }
}
