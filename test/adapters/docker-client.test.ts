import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDocker } from '../../src/adapters/docker-engine.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';

const id = 'ab'.repeat(32);
let folder: string;
let server: Server;
let sockets: Socket[];
/** What the engine sends for a request; undefined sends nothing. */
let reply: (request: string, socket: Socket) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adp-client-'));
  sockets = [];
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => reply(data.toString(), socket));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'docker.sock'), resolve));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const engine = (): Engine =>
  openDocker({ kind: 'unix', path: join(folder, 'docker.sock'), from: 'test' }).engine(createVault('00'.repeat(16)));
const soon = (ms = 300): AbortSignal => AbortSignal.timeout(ms);
const http = (status: string, body: string, type = 'application/json'): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const json = (value: unknown): string => http('200 OK', JSON.stringify(value));

/** Answers version, info and what a look asks; `faulty` takes the place of one of them. */
function world(path: string, faulty: (socket: Socket) => void): typeof reply {
  const rows = [
    {
      Id: id,
      Names: ['/x'],
      State: 'running',
      ImageID: 'sha256:1',
      Labels: { 'com.docker.compose.project': 's', 'com.docker.compose.service': 'x' },
    },
  ];
  const good: Record<string, unknown> = {
    '/version': { ApiVersion: '1.41', Version: '20' },
    '/info': { ID: 'e', LoggingDriver: 'json-file' },
    '/containers/json': rows,
    '/networks': [],
    '/volumes': { Volumes: null },
  };
  return (request, socket) => {
    const asked = request.split(' ')[1]?.split('?')[0] ?? '';
    if (asked === path) faulty(socket);
    else if (asked in good) socket.write(json(good[asked]));
    else socket.write(http('404 Not Found', '{"message":"no such thing"}'));
  };
}

const query = { stack: 's', images: [], networks: [], volumes: [] };

test.each<[fault: string, code: string, answer: (socket: Socket) => void]>([
  ['nothing', 'timeout', () => undefined],
  ['a reset', 'unreachable', (socket) => socket.destroy()],
  [
    'half of a chunked answer',
    'unreachable',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{"Id\r\n'),
  ],
  ['half of an answer with a length', 'unreachable', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[{"Id"')],
  ['half of an answer as if it were all', 'garbled', (socket) => socket.write(http('200 OK', '[{"Id"'))],
  ['a headers-only hang', 'timeout', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n[')],
  ['a page', 'garbled', (socket) => socket.write(http('200 OK', '<html>It works!</html>', 'text/html'))],
  ['an object for a list', 'garbled', (socket) => socket.write(json({}))],
  ['null', 'garbled', (socket) => socket.write(json(null))],
  ['an empty body', 'garbled', (socket) => socket.write(http('200 OK', ''))],
  ['a list of texts', 'garbled', (socket) => socket.write(json(['x']))],
  ['rows without an id', 'garbled', (socket) => socket.write(json([{ Names: ['/x'] }]))],
  ['labels of another type', 'garbled', (socket) => socket.write(json([{ Id: id, Labels: ['a'] }]))],
  ['no HTTP at all', 'garbled', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n')],
  ['an error without words', 'refused', (socket) => socket.write(http('500 Internal Server Error', ''))],
])('a list of containers answered with %s is %s, never an empty world', async (_fault, code, answer) => {
  reply = world('/containers/json', answer);
  await expect(engine().look(query, soon())).rejects.toMatchObject({ name: 'EngineError', code });
});

test('an answer that comes byte by byte is an answer', async () => {
  reply = world('/containers/json', (socket) => {
    const bytes = Buffer.from(json([]));
    let i = 0;
    const timer = setInterval(() => (i < bytes.length ? socket.write(bytes.subarray(i, ++i)) : clearInterval(timer)), 1);
  });
  expect((await engine().look(query, soon(5000))).containers).toEqual({});
});

test('a container whose inspect hangs is named; its deadline is the caller’s at the latest', async () => {
  reply = world(`/containers/${id}/json`, () => undefined);
  await expect(engine().look(query, soon())).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining(id.slice(0, 12)) });
});

test('a container that is removed while we look is simply not there', async () => {
  reply = world('/none', () => undefined);
  expect((await engine().look(query, soon())).containers).toEqual({});
});

test.each<[status: string, body: string, code: string]>([
  ['404 Not Found', '{"message":"No such container: x"}', 'not-found'],
  ['409 Conflict', '{"message":"Conflict. The container name is already in use"}', 'conflict'],
  [
    '500 Internal Server Error',
    '{"cause":"that name is already in use","message":"creating: that name is already in use","response":500}',
    'conflict',
  ],
  [
    '500 Internal Server Error',
    '{"message":"driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated"}',
    'refused',
  ],
  ['500 Internal Server Error', '{"message":"listen tcp4 0.0.0.0:80: bind: address already in use"}', 'refused'],
  ['403 Forbidden', '{"message":"network n has active endpoints"}', 'conflict'],
  ['401 Unauthorized', '{"message":"who are you"}', 'unauthorized'],
  ['502 Bad Gateway', '<html>', 'refused'],
])('%s %s is %s', async (status, body, code) => {
  reply = (_, socket) => void socket.write(http(status, body));
  const failure: unknown = await engine()
    .startContainer(id, soon())
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'EngineError', code });
  expect(String(failure)).not.toContain('HTTP code');
});

test('304 is success', async () => {
  reply = (_, socket) => void socket.write('HTTP/1.1 304 Not Modified\r\n\r\n');
  await engine().startContainer(id, soon());
});

test('an error in the lines of a pull that answers 200 is an error', async () => {
  reply = (_, socket) =>
    void socket.write(
      http(
        '200 OK',
        '{"status":"Pulling"}\n{"errorDetail":{"message":"manifest for a/b:1 not found"},"error":"manifest for a/b:1 not found"}\n',
      ),
    );
  const notes: string[] = [];
  await expect(
    engine().pullImage({ image: 'a/b:1' }, { onProgress: (note) => void notes.push(note), signal: soon() }),
  ).rejects.toMatchObject({ code: 'not-found' });
  expect(notes).toEqual(['Pulling']);
});

test('a pull that says all is well but brought nothing is an error', async () => {
  reply = (request, socket) =>
    void socket.write(
      request.startsWith('POST') ? http('200 OK', '{"status":"ok"}\n') : http('404 Not Found', '{"message":"No such image"}'),
    );
  await expect(engine().pullImage({ image: 'a/b:1' }, { onProgress: () => undefined, signal: soon() })).rejects.toMatchObject({
    code: 'garbled',
  });
});

test('no socket, and a socket that nobody serves', async () => {
  const nobody = openDocker({ kind: 'unix', path: join(folder, 'none.sock'), from: 'test' }).engine(createVault('00'));
  await expect(nobody.facts(soon())).rejects.toMatchObject({ code: 'unreachable' });
});

test('one asker’s cancelling does not fail another who asks for the same', async () => {
  reply = world('/version', (socket) => void setTimeout(() => socket.write(json({ ApiVersion: '1.41', Version: '20' })), 100));
  const one = engine();
  const [first, second] = await Promise.allSettled([one.facts(soon(30)), one.facts(soon(2000))]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
});

test('events that break off are unreachable, to all who watch', async () => {
  const watched = world('/events', (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    setTimeout(() => socket.destroy(), 50);
  });
  const answer = { Id: id, Name: '/x', RestartCount: 0, State: { Status: 'running' } };
  reply = (request, socket) => (request.includes(`/containers/${id}/json`) ? void socket.write(json(answer)) : watched(request, socket));
  const one = engine();
  const watch = async (): Promise<number> => {
    let states = 0;
    for await (const _ of one.watch(id, soon(2000))) states += 1;
    return states;
  };
  expect(await Promise.allSettled([watch(), watch()])).toMatchObject([
    { reason: { code: 'unreachable' } },
    { reason: { code: 'unreachable' } },
  ]);
});

test('watching ends with the signal, without an error', async () => {
  reply = world('/events', (socket) => void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'));
  const answered = reply;
  const answer = { Id: id, Name: '/x', RestartCount: 0, State: { Status: 'running' } };
  reply = (request, socket) => (request.includes(`/containers/${id}/json`) ? void socket.write(json(answer)) : answered(request, socket));
  const statuses: string[] = [];
  for await (const state of engine().watch(id, soon(200))) statuses.push(state.status);
  expect(statuses).toEqual(['running']);
});

test('what is created stands in the body of its request, and not in its address', async () => {
  const asked: string[] = [];
  reply = (request, socket) => {
    asked.push(request.split(' ')[1] ?? '');
    socket.write(http('201 Created', JSON.stringify({ Id: id, Name: 'shop_data' })));
  };
  const owner = { stack: 'shop', run: 'run-1' };
  const volume = { name: 'shop_data', key: 'data', external: false, driverOptions: { o: 'password=geheim' }, labels: {} };
  await expect(engine().createVolume(volume, owner, soon(5_000))).rejects.toThrow('there already'); // its label does not say that it is ours
  await engine().createNetwork({ name: 'shop_net', key: 'net', external: false, internal: false, labels: { a: 'b' } }, owner, soon(5_000));
  expect(asked.filter((path) => path.includes('/create'))).toEqual(['/volumes/create?', '/networks/create?']);
});

test('the note of a run is removed also when the engine says wrongly that it is not there', async () => {
  const asked: string[] = [];
  reply = (request, socket) => {
    asked.push(request.split(' ').slice(0, 2).join(' '));
    if (request.startsWith('GET')) socket.write(http('404 Not Found', '{"message":"no such volume"}'));
    else if (request.startsWith('POST')) socket.write(http('201 Created', '{"Name":"stackctl-run-s"}'));
    else socket.write('HTTP/1.1 204 No Content\r\n\r\n');
  };
  const { notes } = openDocker({ kind: 'unix', path: join(folder, 'docker.sock'), from: 'test' });
  await notes.write('s', 'what is to be done');
  await notes.remove('s');
  expect(asked.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE /volumes/stackctl-run-s']);
});

test.each([
  `task ${id}: already exists`,
  `failed to create task for container: failed to start shim: mkdir /run/containerd/moby/${id}: file exists: unknown`,
])('a container that the engine itself holds back from its start is told with the way out: %s', async (message) => {
  reply = (_request, socket) => void socket.write(http('500 Internal Server Error', JSON.stringify({ message })));
  await expect(engine().startContainer(id, soon(5_000))).rejects.toThrow(
    `${message} (the engine keeps what is left of its last run and starts it no more; a new container helps: stackctl recover --forget, then stackctl apply --force-recreate)`,
  );
});
