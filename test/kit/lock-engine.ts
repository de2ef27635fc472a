import { mkdtemp, rm } from 'node:fs/promises';
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { openDocker, type OpenDocker } from '../../src/adapters/docker-engine.ts';
import { idOf } from './builders.ts';

/** A container of a lock, as this engine has it. */
export interface LockContainer {
  readonly id: string;
  readonly name: string;
  readonly config: { readonly Labels: { readonly [name: string]: string }; readonly HostConfig: unknown };
  status: string;
  error: string;
  /** By the engine's clock. */
  created: Date;
  line?: Duplex;
  readonly waiting: (() => void)[];
}

/**
 * What an engine says in place of its own answer: a status and a message, or 200 and then what went wrong; to say nothing and hang up,
 * before or after the effect.
 */
export type Instead =
  { readonly status: number; readonly message: string } | { readonly inStream: string } | 'drop' | 'done-then-drop' | 'silence' | undefined;

/** As much of an engine as a lock needs, on a socket of its own: containers that run as long as somebody is attached to them. */
export interface LockEngine {
  readonly containers: Map<string, LockContainer>;
  /** "POST /containers/create", with names for ids. */
  readonly calls: string[];
  /** The image of the lock, when it has been given one: its archive. */
  image: Buffer | undefined;
  /** What that was to be called. */
  imageName: string;
  readonly path: string;
  architecture: string;
  /** How much its clock is ahead of ours. */
  aheadMs: number;
  instead(call: string): Instead;
  /** Ends the container: its connection, and all who wait for it. */
  end(name: string): void;
  /** One process that speaks to it. */
  client(): OpenDocker;
}

export async function lockEngine(): Promise<LockEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'stackctl-lock-'));
  const path = join(folder, 'docker.sock');
  const sockets = new Set<Duplex>();
  const engine: LockEngine = {
    containers: new Map(),
    calls: [],
    image: Buffer.from('there'),
    imageName: 'stackctl-lock:1',
    path,
    architecture: 'amd64',
    aheadMs: 0,
    instead: () => undefined,
    end: (name) => remove(engine, name),
    client: () => openDocker({ kind: 'unix', path, from: 'test' }),
  };
  const server = new Server((request, response) => void respond(engine, request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => attach(engine, request, socket));
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  return engine;
}

const find = ({ containers }: LockEngine, key: string): LockContainer | undefined =>
  [...containers.values()].find(({ id, name }) => key === id || key === name || (key.length > 3 && id.startsWith(key)));

/** The call without its version, with the name of the container in place of its id. */
function callOf(engine: LockEngine, { method = '', url = '' }: IncomingMessage): { readonly call: string; readonly url: URL } {
  const parsed = new URL(url, 'http://engine');
  const path = parsed.pathname.replace(/^\/v1\.\d+/, '').replace(/[0-9a-f]{64}/, (id) => find(engine, id)?.name ?? 'gone');
  return { call: `${method} ${path}`, url: parsed };
}

async function respond(engine: LockEngine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { call, url } = callOf(engine, request);
  engine.calls.push(call);
  const body = call.startsWith('POST /images/create') ? await bytes(request) : Buffer.from(await text(request));
  const instead = engine.instead(call);
  if (instead === 'silence') return;
  if (instead === 'drop') return void response.destroy();
  if (typeof instead === 'object' && 'inStream' in instead) return void answer(response, 200, { error: instead.inStream });
  if (typeof instead === 'object') return void answer(response, instead.status, { message: instead.message });
  const done = effect(engine, { call, url, body }, request);
  if (instead === 'done-then-drop') return void response.destroy();
  const { status, value } = await done;
  answer(response, status, value);
}

interface Asked {
  readonly call: string;
  readonly url: URL;
  readonly body: Buffer;
}

interface Said {
  readonly status: number;
  readonly value?: unknown;
}

async function effect(engine: LockEngine, { call, url, body }: Asked, request: IncomingMessage): Promise<Said> {
  if (call === 'GET /version') return { status: 200, value: { ApiVersion: '1.41', Version: '20', Arch: engine.architecture } };
  if (call === 'GET /info') return { status: 200, value: { SystemTime: new Date(Date.now() + engine.aheadMs).toISOString() } };
  if (call === 'POST /images/create') {
    engine.image = body;
    engine.imageName = `${url.searchParams.get('repo') ?? ''}:${url.searchParams.get('tag') ?? ''}`;
    return { status: 200, value: { status: 'sha256:00' } };
  }
  if (call === 'POST /containers/create') return create(engine, url.searchParams.get('name') ?? '', body.toString());
  const [, name = '', verb] = /^\w+ \/containers\/([^/]+)(?:\/(\w+))?$/.exec(call) ?? [];
  const container = find(engine, name);
  if (!container) return { status: 404, value: { message: 'No such container' } };
  if (call.startsWith('DELETE')) {
    const isForced = ['1', 'true'].includes(url.searchParams.get('force') ?? '');
    if (!isForced && container.status === 'running') return { status: 409, value: { message: 'You cannot remove a running container' } };
    remove(engine, container.name);
    return { status: 204 };
  }
  if (verb === 'json') return { status: 200, value: inspected(container) };
  if (verb === 'start') container.status = 'running';
  // Without its condition a call does not wait for what does not run
  if (verb === 'wait' && url.searchParams.get('condition') === 'removed')
    await new Promise<void>((resolve) => container.waiting.push(resolve) && request.on('close', resolve));
  return verb === 'wait' ? { status: 200, value: { StatusCode: 0 } } : { status: 204 };
}

function create(engine: LockEngine, name: string, body: string): Said {
  if (engine.containers.has(name)) return { status: 409, value: { message: 'Conflict. The container name is already in use' } };
  if (!engine.image) return { status: 404, value: { message: 'No such image: stackctl-lock:1' } };
  const id = idOf(`${name} ${engine.calls.length}`);
  const config = JSON.parse(body) as LockContainer['config'];
  engine.containers.set(name, {
    id,
    name,
    config,
    status: 'created',
    error: '',
    created: new Date(Date.now() + engine.aheadMs),
    waiting: [],
  });
  return { status: 201, value: { Id: id } };
}

const inspected = ({ id, name, config, status, error, created }: LockContainer): unknown => ({
  Id: id,
  Name: `/${name}`,
  Created: created.toISOString(),
  State: { Status: status, Error: error },
  Config: { Labels: config.Labels },
});

function remove({ containers }: LockEngine, name: string): void {
  const container = containers.get(name);
  if (!container) return;
  containers.delete(name);
  container.line?.destroy();
  for (const tell of container.waiting) tell();
}

/** Its program ends when whoever was attached first has gone. */
function attach(engine: LockEngine, request: IncomingMessage, socket: Duplex): void {
  const { call, url } = callOf(engine, request);
  engine.calls.push(call);
  const container = find(engine, call.split('/')[2] ?? '');
  const isWhole = ['stream', 'stdin', 'stdout'].every((each) => ['1', 'true'].includes(url.searchParams.get(each) ?? ''));
  const instead = isWhole ? engine.instead(call) : { status: 400, message: 'nothing to attach to' };
  if (instead === 'silence') return;
  if (instead === 'drop' || !container) return void socket.destroy();
  if (typeof instead === 'object')
    return void socket.end(`HTTP/1.1 ${'status' in instead ? instead.status : 500} No\r\nContent-Length: 0\r\n\r\n`);
  container.line = socket;
  socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  socket.resume().once('end', () => void (container.line === socket && container.status === 'running' && remove(engine, container.name)));
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(value === undefined ? '' : JSON.stringify(value));
}

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
