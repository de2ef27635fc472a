import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IncomingMessage, createServer, request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import type { Fault } from './fault-answers.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

const answer = '{"Id":"0123456789","Name":"web"}';
let reached: string[];
let proxy: FaultProxy;
let endEngine: () => Promise<void>;

/** An engine that answers, streams, and hands over the connection. */
async function startEngine(): Promise<{ socket: string; end: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tiny-engine-'));
  const socket = join(folder, 'engine.sock');
  const server = createServer((incoming, reply) => {
    reached.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    if (incoming.url === '/events') return void reply.write('one\n');
    if (incoming.url === '/echo') return void incoming.pipe(reply);
    reply.end(answer);
  });
  server.on('upgrade', (incoming, connection, head) => {
    connection.unshift(head);
    if (incoming.url === '/gone') return void connection.end('HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone');
    connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    connection.pipe(connection);
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    socket,
    end: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

beforeEach(async () => {
  reached = [];
  const engine = await startEngine();
  endEngine = engine.end;
  proxy = await startFaultProxy({ upstream: engine.socket });
});

afterEach(async () => {
  await proxy.close();
  await endEngine();
});

interface Seen {
  readonly status: number;
  readonly body: string;
  readonly broken: boolean;
}

function send(method: string, path: string, body = ''): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: proxy.socket, method, path, signal: AbortSignal.timeout(300) });
    call.on('error', reject);
    call.on('response', (incoming: IncomingMessage) => {
      let text = '';
      const seen = (broken: boolean): void => {
        resolve({ status: incoming.statusCode ?? 0, body: text, broken });
      };
      incoming.on('data', (piece: Buffer) => (text += piece.toString()));
      incoming.on('end', () => {
        seen(false);
      });
      incoming.on('error', () => {
        seen(true);
      });
    });
    call.end(body);
  });
}

test('passes on what is asked and answered, and keeps a list', async () => {
  expect(await send('GET', '/v1.41/info')).toEqual({ status: 200, body: answer, broken: false });
  expect(await send('POST', '/echo', 'there and back')).toMatchObject({ body: 'there and back' });
  expect(proxy.calls).toEqual([
    { method: 'GET', path: '/v1.41/info', refused: false },
    { method: 'POST', path: '/echo', refused: false },
  ]);
});

const faults: readonly [Fault, Partial<Seen>][] = [
  [
    { kind: 'respond', status: 500, body: { message: 'no' } },
    { status: 500, body: '{"message":"no"}' },
  ],
  [{ kind: 'html' }, { status: 200, body: '<html><body><h1>It works!</h1></body></html>\n' }],
  [{ kind: 'truncated-chunked' }, { status: 200, body: answer.slice(0, 16), broken: true }],
  [{ kind: 'truncated-length' }, { status: 200, body: answer.slice(0, 16), broken: true }],
  [{ kind: 'short' }, { status: 200, body: answer.slice(0, 16), broken: false }],
  [
    { kind: 'drip', everyMs: 1 },
    { status: 200, body: answer, broken: false },
  ],
];

test.each(faults)('%j', async (fault, seen) => {
  proxy.addRule({ fault });
  expect(await send('GET', '/')).toMatchObject(seen);
});

test('resets before the engine hears of it; loses the reply after it did', async () => {
  proxy.addRule({ path: /create/, fault: { kind: 'reset' } });
  proxy.addRule({ path: /start/, fault: { kind: 'lost-reply' } });
  await expect(send('POST', '/create')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(reached).toEqual([]);
  await expect(send('POST', '/start')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(reached).toEqual(['POST /start']);
});

test('hangs until the caller gives up', async () => {
  proxy.addRule({ fault: { kind: 'hang' } });
  await expect(send('GET', '/')).rejects.toMatchObject({ name: 'AbortError' });
});

test('a rule can mean the nth matching call only', async () => {
  proxy.addRule({ method: 'POST', path: /start/, nth: 2, fault: { kind: 'respond', status: 503, body: {} } });
  const calls = ['/a/start', '/a/stop', '/b/start', '/c/start'];
  const seen: number[] = [];
  for (const path of calls) seen.push((await send('POST', path)).status);
  expect(seen).toEqual([200, 200, 503, 200]);
  proxy.clearRules();
  expect(await send('POST', '/b/start')).toMatchObject({ status: 200 });
});

test('refuses every change when it is for reading only', async () => {
  proxy.readOnly = true;
  expect(await send('GET', '/info')).toMatchObject({ status: 200 });
  expect(await send('POST', '/containers/create')).toMatchObject({ status: 405 });
  expect(await send('GET', '/v4.3.1/libpod/containers/web/healthcheck')).toMatchObject({ status: 405 });
  expect(proxy.calls.filter(({ refused }) => refused)).toHaveLength(2);
  expect(reached).toEqual(['GET /info']);
});

test('lets an actor in right before a call', async () => {
  proxy.before(2, () => {
    reached.push('actor');
  });
  await send('GET', '/1');
  await send('GET', '/2');
  expect(reached).toEqual(['GET /1', 'actor', 'GET /2']);
});

test('a stream arrives while it is still open', async () => {
  const call = request({ socketPath: proxy.socket, path: '/events' }).end();
  call.on('error', () => undefined);
  const [incoming] = (await once(call, 'response')) as [IncomingMessage];
  incoming.on('error', () => undefined);
  const [piece] = (await once(incoming, 'data')) as [Buffer];
  expect(piece.toString()).toBe('one\n');
  call.destroy();
});

const headers = { connection: 'Upgrade', upgrade: 'tcp' };
const ask = (path: string, body: string): ReturnType<typeof request> =>
  request({
    socketPath: proxy.socket,
    method: 'POST',
    path,
    headers: { ...headers, 'content-length': body.length },
  }).end(body);

test('a connection is handed over in both directions, with the body of the call', async () => {
  const [, connection, head] = (await once(ask('/exec/1/start', '{"Tty":true}'), 'upgrade')) as [IncomingMessage, Socket, Buffer];
  connection.unshift(head);
  connection.write('hello');
  let text = '';
  for await (const piece of connection) if ((text += String(piece)).endsWith('hello')) break;
  expect(text).toBe('{"Tty":true}hello');
});

test('where an upgrade is refused, by the engine or by a fault, the answer arrives', async () => {
  const status = async (path: string): Promise<number | undefined> => {
    const [incoming] = (await once(ask(path, '{}'), 'response')) as [IncomingMessage];
    incoming.destroy();
    return incoming.statusCode;
  };
  expect(await status('/gone')).toBe(404);
  proxy.addRule({ fault: { kind: 'respond', status: 500, body: {} } });
  expect(await status('/exec/1/start')).toBe(500);
  expect(reached).toEqual([]);
});

test('who hangs up in the middle of an answer on a connection that was to be handed over harms nobody', async () => {
  proxy.addRule({ path: /gone/, fault: { kind: 'huge' } });
  const call = ask('/gone', '{}');
  call.on('error', () => undefined);
  const [incoming] = (await once(call, 'response')) as [IncomingMessage];
  incoming.on('error', () => undefined).destroy();
  proxy.clearRules();
  expect(await send('GET', '/info')).toMatchObject({ status: 200 });
});
