import { performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { frameOf, framesOf } from '../lib/frames.ts';
import { messageOf } from '../lib/message-of.ts';
import { get, type ByName } from '../lib/record.ts';

/** Answers the one message of a call with one message, both in the form of Protocol Buffers; undefined: what was asked for is not there. */
export type GrpcMethod = (request: Uint8Array) => Promise<Uint8Array | undefined>;

/** Answers messages with messages for as long as the call lasts; `said` is what the caller gives by name beside them. */
export type GrpcStream = (requests: AsyncIterable<Uint8Array>, said: (name: string) => string) => AsyncIterable<Uint8Array>;

/** By the path of each: "/grpc.health.v1.Health/Check". */
export interface GrpcService {
  readonly methods: ByName<GrpcMethod>;
  readonly streams?: ByName<GrpcStream>;
}

export interface GrpcServer {
  /** Ends the connection, and every call on it. */
  close(): void;
}

/** Of the statuses of gRPC those that are told here: https://grpc.io/docs/guides/status-codes */
const status = { ok: 0, notFound: 5, unimplemented: 12, internal: 13 } as const;

/** Whether it is compressed, then its length. */
const framing = { prefix: 5, longest: 4 * 1024 * 1024 };

/**
 * Serves calls over a connection whose other end is the client. gRPC over HTTP/2 as far as an engine needs it
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
 */
export function serveGrpc(socket: Duplex, { methods, streams = {} }: GrpcService): GrpcServer {
  const session = performServerHandshake(socket);
  // Whoever waits for the outcome hears of a broken connection there
  session.on('error', () => socket.destroy());
  session.on('stream', (stream, asked) => {
    stream.on('error', () => undefined);
    const path = asked[':path'] ?? '';
    const streaming = get(streams, path);
    void (streaming ? converse({ stream, asked }, streaming) : answer(stream, get(methods, path)));
  });
  return {
    close() {
      session.destroy();
      socket.destroy();
    },
  };
}

async function answer(stream: ServerHttp2Stream, method: GrpcMethod | undefined): Promise<void> {
  if (!method) return void end(stream, status.unimplemented, 'not served here');
  try {
    const reply = await method(await requestOf(stream));
    if (!reply) return void end(stream, status.notFound, 'not found');
    stream.respond(headers, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(status.ok) }));
    stream.end(frameOf(reply, framing.prefix));
  } catch (error) {
    end(stream, status.internal, messageOf(error));
  }
}

interface Conversation {
  readonly stream: ServerHttp2Stream;
  readonly asked: IncomingHttpHeaders;
}

/** What goes wrong in the middle is told behind what was said until then. */
async function converse({ stream, asked }: Conversation, method: GrpcStream): Promise<void> {
  let trailers: Readonly<Record<string, string>> = { 'grpc-status': String(status.ok) };
  async function* replies(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const reply of method(messagesIn(stream), (name) => [asked[name] ?? ''].flat().join(','))) {
        yield frameOf(reply, framing.prefix);
      }
    } catch (error) {
      trailers = failure(status.internal, messageOf(error));
    }
  }
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  // Who breaks the call off has no use for an answer
  await pipeline(Readable.from(replies(), { objectMode: false }), stream).catch(() => undefined);
}

async function* messagesIn(stream: ServerHttp2Stream): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const frame of framesOf(stream.iterator({ destroyOnReturn: false }), framing)) yield messageIn(frame);
}

async function requestOf(stream: ServerHttp2Stream): Promise<Uint8Array> {
  let request: Buffer | undefined;
  for await (const frame of framesOf(stream, framing)) {
    if (request) throw new Error('the request is more than one message');
    request = frame;
  }
  if (!request) throw new Error('the request is empty');
  return messageIn(request);
}

function messageIn(frame: Buffer): Uint8Array {
  if (frame[0] !== 0) throw new Error('the message is compressed');
  return frame.subarray(framing.prefix);
}

const headers = { ':status': 200, 'content-type': 'application/grpc' };

const failure = (code: number, message: string) => ({ 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) });

function end(stream: ServerHttp2Stream, code: number, message: string): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond({ ...headers, ...failure(code, message) }, { endStream: true });
}
