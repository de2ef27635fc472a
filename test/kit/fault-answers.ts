import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, request } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** What goes wrong with a call. Those marked (*) reach the engine first, so that their effect takes place. */
export type Fault =
  | { readonly kind: 'respond'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'html' } // status 200, but a page of some web server
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'lost-reply' } // (*) the engine did it, its answer never arrives
  | { readonly kind: 'truncated-chunked' } // (*) half of the answer, then the connection dies
  | { readonly kind: 'truncated-length' } // (*) the same, with a content-length
  | { readonly kind: 'short' } // (*) half of the answer, as if that were all
  | { readonly kind: 'twice' } // (*) with each key of an object twice, first with a wrong value
  | { readonly kind: 'huge' } // (*) the answer after a hundred megabytes of blanks
  | { readonly kind: 'drip'; readonly everyMs: number }; // (*) the answer byte by byte

/** One call on its way through the proxy to the socket `upstream`. */
export interface Exchange {
  readonly upstream: string;
  readonly incoming: IncomingMessage;
  readonly reply: ServerResponse;
  /** There if the caller asks to talk on after the answer; then the body of the call is still unread on it. */
  readonly connection?: Duplex;
}

type Send<Kind extends Fault['kind']> = (exchange: Exchange, fault: Extract<Fault, { kind: Kind }>) => Promise<void> | void;

const answers: { readonly [Kind in Fault['kind']]: Send<Kind> } = {
  respond: ({ reply }, { status, body }) => {
    sendWhole(reply, status, 'application/json', JSON.stringify(body));
  },
  html: ({ reply }) => {
    sendWhole(reply, 200, 'text/html', '<html><body><h1>It works!</h1></body></html>\n');
  },
  reset: ({ reply }) => {
    drop(reply);
  },
  hang: () => undefined,
  'lost-reply': async (exchange) => {
    await wholeAnswer(exchange);
    drop(exchange.reply);
  },
  'truncated-chunked': async (exchange) => {
    const { status, headers, body } = await wholeAnswer(exchange);
    delete headers['content-length'];
    exchange.reply.writeHead(status, headers);
    exchange.reply.write(half(body), () => {
      drop(exchange.reply);
    });
  },
  'truncated-length': async (exchange) => {
    const { status, headers, body } = await wholeAnswer(exchange);
    exchange.reply.writeHead(status, { ...headers, 'content-length': body.length });
    exchange.reply.write(half(body), () => {
      drop(exchange.reply);
    });
  },
  short: async (exchange) => {
    const { status, headers, body } = await wholeAnswer(exchange);
    exchange.reply.writeHead(status, { ...headers, 'content-length': half(body).length });
    exchange.reply.end(half(body));
  },
  twice: async (exchange) => {
    const { status, headers, body } = await wholeAnswer(exchange);
    const text = body.toString().replace(/^\{"(\w+)":/, '{"$1":"","$1":');
    exchange.reply.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
    exchange.reply.end(text);
  },
  huge: async (exchange) => {
    const { status, headers, body } = await wholeAnswer(exchange);
    delete headers['content-length'];
    exchange.reply.on('error', () => undefined).writeHead(status, headers);
    const blanks = Buffer.alloc(1_000_000, ' ');
    for (let sent = 0; sent < 100 && !exchange.reply.destroyed; sent += 1) {
      if (exchange.reply.write(blanks)) continue;
      await Promise.race([once(exchange.reply, 'drain'), once(exchange.reply, 'close')]);
    }
    exchange.reply.end(body);
  },
  drip: async (exchange, { everyMs }) => {
    const { status, headers, body } = await wholeAnswer(exchange);
    exchange.reply.writeHead(status, headers);
    for (const byte of body) {
      if (exchange.reply.destroyed) return;
      exchange.reply.write(Buffer.of(byte));
      await pause(everyMs);
    }
    exchange.reply.end();
  },
};

const half = (body: Buffer): Buffer => body.subarray(0, Math.ceil(body.length / 2));

/** Cuts the connection, so that the caller sees a reset. */
export const drop = (reply: ServerResponse): void => void reply.socket?.destroy();

export function sendWhole(reply: ServerResponse, status: number, type: string, body: string): void {
  reply.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  reply.end(body);
}

const hopByHop = ['connection', 'upgrade', 'keep-alive', 'transfer-encoding'];

/** The headers that are not about one connection only; node frames each body anew. */
const endToEnd = (headers: IncomingMessage['headers']): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));

function ask({ upstream, incoming, reply, connection }: Exchange): ReturnType<typeof request> {
  const framing = incoming.headers['transfer-encoding'];
  const headers = { ...endToEnd(incoming.headers), ...(framing && { 'transfer-encoding': framing }) };
  const call = request({ socketPath: upstream, method: incoming.method, path: incoming.url, headers, agent: false });
  call.on('error', () => {
    drop(reply);
  });
  reply.on('close', () => {
    if (!reply.writableFinished) call.destroy();
  });
  if (connection !== undefined) connection.pipe(call);
  else
    wholeBody(incoming).then(
      (body) => call.end(body),
      () => call.destroy(),
    );
  return call;
}

/** Goes out together with the head: an engine may answer and close before it has read a body, and who writes then hears no answer. */
async function wholeBody(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

async function wholeAnswer(exchange: Exchange): Promise<Answer> {
  const answer = await new Promise<IncomingMessage>((resolve) => ask(exchange).once('response', resolve));
  const headers = endToEnd(answer.headers);
  return { status: answer.statusCode ?? 0, headers, body: await wholeBody(answer) };
}

/** Answers as the fault has it. */
export async function sendFault(exchange: Exchange, fault: Fault): Promise<void> {
  await (answers[fault.kind] as Send<Fault['kind']>)(exchange, fault);
}

/** Answers as the engine does. */
export function passOn(exchange: Exchange): void {
  const { reply, connection } = exchange;
  if (connection !== undefined) {
    handOver(exchange, connection);
    return;
  }
  ask(exchange).on('response', (answer) => {
    reply.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    reply.flushHeaders(); // an event stream may stay silent for long
    answer.on('error', () => {
      drop(reply);
    });
    answer.pipe(reply);
  });
}

/** Lets caller and engine talk byte by byte, beginning with the head of the call as it came. */
function handOver({ upstream, incoming }: Exchange, caller: Duplex): void {
  const { method = '', url = '', rawHeaders } = incoming;
  const lines = rawHeaders.map((word, i) => (i % 2 === 0 ? `${word}: ` : `${word}\r\n`));
  const engine = connect({ path: upstream, allowHalfOpen: true });
  // In one piece with the body that came with it: an engine that hands a connection over takes what comes later for the program's input
  const body = (caller.read() as Buffer | null) ?? Buffer.alloc(0);
  engine.write(Buffer.concat([Buffer.from(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`), body]));
  engine.on('error', () => caller.destroy()).on('close', () => caller.destroy());
  caller.on('error', () => engine.destroy()).on('close', () => engine.destroy());
  caller.pipe(engine).pipe(caller);
}
