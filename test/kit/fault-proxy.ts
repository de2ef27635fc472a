import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Exchange, type Fault, drop, passOn, sendFault, sendWhole } from './fault-answers.ts';

/** Which calls are meant; what is left out matches all of them. */
export interface Match {
  readonly method?: string;
  readonly path?: RegExp;
  /** The first matching call is 1; left out: each of them. */
  readonly nth?: number;
}

export interface Rule extends Match {
  readonly fault: Fault;
}

export interface Call {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly refused: boolean;
}

export interface FaultProxy {
  readonly socket: string;
  readonly dockerHost: string;
  readonly calls: readonly Call[];
  /** The first rule that matches a call holds; each counts from when it was added. */
  addRule(rule: Rule): void;
  clearRules(): void;
  /** Refuses, from now on, whatever could change something. */
  readOnly: boolean;
  /** The callback ends before the call goes on; a number means the nth of all calls from now on. What it returns ends that. */
  before(match: Match | number, callback: (call: Call) => Promise<void> | void): () => void;
  close(): Promise<void>;
}

const couldChange = (method: string, path: string): boolean =>
  (method !== 'GET' && method !== 'HEAD') || /\/libpod\/containers\/[^/]+\/healthcheck/.test(path);

/** Says for each call whether it is meant. */
function counter({ method, path, nth }: Match): (call: Call) => boolean {
  let seen = 0;
  return (call) => {
    if (method !== undefined && method !== call.method) return false;
    if (path !== undefined && call.path.search(path) < 0) return false;
    seen += 1;
    return nth === undefined || nth === seen;
  };
}

interface Watch<Then> {
  readonly matches: (call: Call) => boolean;
  readonly then: Then;
}

interface Script {
  readonly calls: Call[];
  readonly faults: Watch<Fault>[];
  readonly callbacks: Watch<(call: Call) => Promise<void> | void>[];
}

async function handle(script: Script, readOnly: boolean, exchange: Exchange): Promise<void> {
  const { method = 'GET', url: path = '/' } = exchange.incoming;
  const call: Call = { method, path, refused: readOnly && couldChange(method, path) };
  script.calls.push(call);
  if (call.refused) {
    sendWhole(exchange.reply, 405, 'application/json', '{"message":"this connection is for reading only"}');
    return;
  }
  for (const { then } of script.callbacks.filter(({ matches }) => matches(call))) await then(call);
  const meant = script.faults.filter(({ matches }) => matches(call)); // every rule counts, also one that does not get its turn
  const fault = meant[0]?.then;
  if (fault === undefined) passOn(exchange);
  else await sendFault(exchange, fault);
}

/** A reply on the bare connection of a call that asks for an upgrade, for when there is none. */
function replyOn(connection: Duplex, incoming: IncomingMessage): ServerResponse {
  const reply = new ServerResponse(incoming);
  reply.assignSocket(incoming.socket);
  reply.shouldKeepAlive = false;
  return reply.on('finish', () => connection.end());
}

function serverOf(upstream: string, answer: (exchange: Exchange) => Promise<void>): Server {
  const server = new Server();
  server.on('request', (incoming, reply) => {
    answer({ upstream, incoming, reply }).catch(() => {
      drop(reply);
    });
  });
  server.on('upgrade', (incoming, connection, head) => {
    if (head.length > 0) connection.unshift(head);
    connection.on('error', () => connection.destroy()); // Node hears of errors of an upgraded connection no more
    const reply = replyOn(connection, incoming);
    answer({ upstream, incoming, reply, connection }).catch(() => connection.destroy());
  });
  return server;
}

/** Listens, and gives back what ends that, together with all that is still open. */
async function listen(server: Server, socket: string): Promise<() => Promise<void>> {
  const connections = new Set<Duplex>();
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return async () => {
    for (const connection of connections) connection.destroy();
    await new Promise<void>((resolve) =>
      server.close(() => {
        resolve();
      }),
    );
  };
}

/** An engine's socket with faults on demand; without any it passes everything on, also streams and hijacked connections. */
export async function startFaultProxy({ upstream }: { readonly upstream: string }): Promise<FaultProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'fault-proxy-'));
  const socket = join(folder, 'engine.sock');
  const script: Script = { calls: [], faults: [], callbacks: [] };
  const server = serverOf(upstream, (exchange) => handle(script, proxy.readOnly, exchange));
  const endAll = await listen(server, socket);
  const proxy: FaultProxy = {
    socket,
    dockerHost: `unix://${socket}`,
    calls: script.calls,
    readOnly: false,
    addRule: (rule) => void script.faults.push({ matches: counter(rule), then: rule.fault }),
    clearRules: () => void script.faults.splice(0),
    before(match, then) {
      const callback = { matches: counter(typeof match === 'number' ? { nth: match } : match), then };
      script.callbacks.push(callback);
      return () => void script.callbacks.splice(script.callbacks.indexOf(callback), 1);
    },
    async close() {
      await endAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return proxy;
}
