import { performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { messageOf } from '../lib/message-of.ts';
import { get, type ByName } from '../lib/record.ts';

/** Answers the one message of a call with one message, both in the form of Protocol Buffers; undefined: what was asked for is not there. */
export type GrpcMethod = (request: Uint8Array) => Promise<Uint8Array | undefined>;

export interface GrpcServer {
  /** Ends the connection, and every call on it. */
  close(): void;
}

/** Of the statuses of gRPC those that are told here: https://grpc.io/docs/guides/status-codes */
const status = { ok: 0, notFound: 5, unimplemented: 12, internal: 13 } as const;

const longestRequest = 4 * 1024 * 1024;
const prefixLength = 5;

/**
 * Serves calls with one message each way over a connection whose other end is the client, by the path of the method:
 * "/grpc.health.v1.Health/Check". gRPC over HTTP/2 as far as an engine needs it
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
 */
export function serveGrpc(socket: Duplex, methods: ByName<GrpcMethod>): GrpcServer {
  const session = performServerHandshake(socket);
  // Whoever waits for the outcome hears of a broken connection there
  session.on('error', () => socket.destroy());
  session.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    void answer(stream, get(methods, headers[':path'] ?? ''));
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
    send(stream, reply);
  } catch (error) {
    end(stream, status.internal, messageOf(error));
  }
}

async function requestOf(stream: ServerHttp2Stream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes: unknown = chunk;
    if (!Buffer.isBuffer(bytes)) continue;
    length += bytes.length;
    if (length > longestRequest) throw new Error('the request is too long');
    chunks.push(bytes);
  }
  const framed = Buffer.concat(chunks);
  if (framed.length < prefixLength || framed[0] !== 0 || framed.readUInt32BE(1) !== framed.length - prefixLength)
    throw new Error('the request is not one message without compression');
  return framed.subarray(prefixLength);
}

const headers = { ':status': 200, 'content-type': 'application/grpc' };

function send(stream: ServerHttp2Stream, message: Uint8Array): void {
  const prefix = Buffer.alloc(prefixLength);
  prefix.writeUInt32BE(message.length, 1);
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(status.ok) }));
  stream.end(Buffer.concat([prefix, message]));
}

function end(stream: ServerHttp2Stream, code: number, message: string): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond({ ...headers, 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) }, { endStream: true });
}
