import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDocker } from '../../src/adapters/docker-engine.ts';
import { createVault } from '../../src/model/vault.ts';

interface Behaviour {
  readonly builder?: string;
  /** How it answers the request for a session; default: with the connection. */
  readonly session?: 'refuses' | 'hangs-up' | 'answers';
  build?(answer: ServerResponse, request: IncomingMessage): void;
}

const imageId = `sha256:${'1'.repeat(64)}`;
const lines = (...values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const built = lines({ id: 'moby.image.id', aux: { ID: imageId } });

/** An engine that can do nothing but build, and does that as it is told; what was asked of it. */
async function engineThat({ builder = '2', session, build = (answer) => answer.end(built) }: Behaviour) {
  const folder = await mkdtemp(join(tmpdir(), 'adp-build-'));
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n');
  const asked: string[] = [];
  const sessions: { closed: boolean }[] = [];
  const server = createServer((request, answer) => {
    const url = request.url ?? '';
    asked.push(`${request.method ?? ''} ${url}`);
    if (url === '/_ping') answer.writeHead(200, { 'builder-version': builder }).end('OK');
    else if (url.startsWith('/session')) answer.writeHead(session === 'refuses' ? 500 : 200).end('{"message":"no sessions today"}');
    else if (url.startsWith('/build')) request.resume().on('end', () => build(answer, request));
    else answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ Id: imageId }));
  });
  if (session === undefined || session === 'hangs-up') {
    server.on('upgrade', (request, socket) => {
      asked.push(`upgrade ${request.url ?? ''}`);
      socket.on('error', () => undefined);
      if (session === 'hangs-up') return void socket.destroy();
      const kept = { closed: false };
      sessions.push(kept);
      socket.on('end', () => socket.end(() => (kept.closed = true))).resume();
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    });
  }
  server.listen(join(folder, 'engine.sock'));
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const engine = openDocker({ kind: 'unix', path: join(folder, 'engine.sock'), from: 'a test' }).engine(createVault('00'.repeat(16)));
  const run = (more = {}, signal = AbortSignal.timeout(20_000)) =>
    engine.buildImage(
      'shop-web',
      { context: folder, dockerfile: join(folder, 'Dockerfile'), args: { A: '1' }, ...more },
      { onProgress: () => undefined, signal },
    );
  return { run, asked, sessions };
}

test('asks for BuildKit with a session of its own, and closes it after the build', async () => {
  const { run, asked, sessions } = await engineThat({});
  await run({ target: 'prod', cacheFrom: ['a', 'b'], tags: ['more'], extraHosts: ['db:10.0.0.1'] });
  const url = new URL(asked.find((each) => each.includes('/build'))?.split(' ')[1] ?? '', 'http://x');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    version: '2',
    session: expect.stringMatching(/^[0-9a-f-]{36}$/),
    buildargs: '{"A":"1"}',
    target: 'prod',
    cachefrom: '["a","b"]',
    dockerfile: 'Dockerfile',
  });
  expect(url.searchParams.getAll('t')).toEqual(['shop-web', 'more']);
  expect(url.searchParams.getAll('extrahosts')).toEqual(['db:10.0.0.1']);
  await expect.poll(() => sessions).toEqual([{ closed: true }]);
});

test.each<readonly [string, Behaviour, object, object]>([
  ['an engine without BuildKit', { builder: '1' }, {}, {}],
  ['a network that BuildKit cannot connect a build to', {}, { network: 'shop_back' }, {}],
])('%s builds with the classic builder, and without a session', async (_what, behaviour, more) => {
  const { run, asked } = await engineThat(behaviour);
  await run(more);
  expect(asked.filter((each) => each.includes('session'))).toEqual([]);
});

const step = { id: 'moby.buildkit.trace', aux: '' };

test.each<readonly [string, Behaviour, object]>([
  ['that breaks off', { build: (answer) => void answer.write(lines(step), () => answer.destroy()) }, { code: 'unreachable' }],
  ['that breaks off before it begins', { build: (answer) => void answer.destroy() }, { code: 'unreachable' }],
  [
    'that ends without an image',
    { build: (answer) => void answer.end(lines(step)) },
    { code: 'garbled', message: expect.stringMatching(/without saying what/) },
  ],
  [
    'of the classic builder that ends without an image',
    { builder: '1', build: (answer) => void answer.end(lines({ stream: 'Step 1/1 : FROM scratch' })) },
    { code: 'garbled', message: expect.stringMatching(/without saying what/) },
  ],
  ['whose trace makes no sense', { build: (answer) => void answer.end(lines({ ...step, aux: '////' }) + built) }, { code: 'garbled' }],
  ['that is no JSON', { build: (answer) => void answer.end(`<html>\n${built}`) }, { code: 'garbled' }],
  [
    'that is an error',
    { build: (answer) => void answer.end(lines({ error: 'no space left' }) + built) },
    { code: 'refused', message: 'no space left' },
  ],
  [
    'that is refused',
    { build: (answer) => void answer.writeHead(400).end('{"message":"bad platform"}') },
    { code: 'refused', message: 'bad platform' },
  ],
  ['whose session is refused', { session: 'refuses' }, { code: 'refused', message: 'no sessions today' }],
  ['whose session is none', { session: 'answers' }, { code: 'garbled' }],
  ['whose session breaks off', { session: 'hangs-up' }, { code: 'unreachable' }],
])('a build %s is an error', async (_what, behaviour, error) => {
  const { run, sessions } = await engineThat(behaviour);
  await expect(run()).rejects.toMatchObject({ name: 'EngineError', ...error });
  await expect.poll(() => sessions.every(({ closed }) => closed)).toBe(true);
});

test('an aborted build ends at once, and its requests and its session with it', async () => {
  const stop = new AbortController();
  let cutOff = false;
  const { run, sessions } = await engineThat({
    build: (answer, request) => {
      request.socket.on('close', () => (cutOff = true));
      answer.write(lines(step), () => stop.abort());
    },
  });
  await expect(run({}, stop.signal)).rejects.toMatchObject({ code: 'timeout' });
  await expect.poll(() => [cutOff, sessions]).toEqual([true, [{ closed: true }]]);
});

test.each(['1', '2'])('files that are not there are told as such, with builder %s', async (builder) => {
  const { run } = await engineThat({ builder });
  const message = expect.stringMatching(/^The files to build from cannot be read: ENOENT.*no\/such/);
  await expect(run({ context: '/no/such', dockerfile: '/no/such/Dockerfile' })).rejects.toMatchObject({ code: 'refused', message });
  await expect(run({ dockerfile: '/no/such/Dockerfile' })).rejects.toMatchObject({ code: 'refused', message });
});

test('the classic builder refuses secrets before anything is sent', async () => {
  const { run, asked } = await engineThat({ builder: '1' });
  await expect(run({ secrets: { token: 'x' } })).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/needs BuildKit/),
  });
  expect(asked).toEqual(['GET /_ping']);
});
