import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';

let home: string;
let socket: string;
let server: Server;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'adp-home-'));
  socket = join(home, 'engine.sock');
  server = createServer((one) => one.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const id = createHash('sha256').update('lab').digest('hex');
  await mkdir(join(home, '.docker/contexts/meta', id), { recursive: true });
  await writeFile(
    join(home, '.docker/contexts/meta', id, 'meta.json'),
    JSON.stringify({ Name: 'lab', Endpoints: { docker: { Host: `unix://${socket}` } } }),
  );
  await writeFile(join(home, '.docker/config.json'), JSON.stringify({ currentContext: 'lab' }));
});
afterAll(async () => {
  server.close();
  await rm(home, { recursive: true });
});

const environment = (more: Record<string, string> = {}): Record<string, string> => ({ HOME: home, ...more });

describe('the first of these that says something decides', () => {
  const elsewhere = { DOCKER_HOST: 'unix:///nowhere', DOCKER_CONTEXT: 'nowhere' };
  test('--host', async () =>
    expect(await dockerConnection({ host: `unix://${socket}` }, environment(elsewhere))).toMatchObject({
      ok: true,
      value: { kind: 'unix', path: socket, from: '--host' },
    }));
  test('--context', async () =>
    expect(await dockerConnection({ context: 'lab' }, environment(elsewhere))).toMatchObject({ ok: true, value: { path: socket } }));
  test('DOCKER_HOST', async () =>
    expect(await dockerConnection({}, environment({ DOCKER_HOST: `unix://${socket}`, DOCKER_CONTEXT: 'nowhere' }))).toMatchObject({
      ok: true,
      value: { from: 'DOCKER_HOST' },
    }));
  test('DOCKER_CONTEXT', async () =>
    expect(await dockerConnection({}, environment({ DOCKER_CONTEXT: 'lab' }))).toMatchObject({
      ok: true,
      value: { from: 'context lab (DOCKER_CONTEXT)' },
    }));
  test('docker’s config', async () =>
    expect(await dockerConnection({}, environment())).toMatchObject({
      ok: true,
      value: { path: socket, from: expect.stringContaining('config.json') },
    }));
});

test.each<[name: string, host: string, code: string, message: RegExp]>([
  [
    'no socket',
    'unix:///nowhere/docker.sock',
    'engine-not-running',
    /No engine is running: there is no socket \/nowhere\/docker.sock \(--host\)/,
  ],
  ['nobody listens', 'tcp://127.0.0.1:21999', 'engine-unreachable', /nobody listens at 127.0.0.1:21999/],
  ['ssh', 'ssh://me@there', 'engine-ssh', /not supported by this version yet/],
  ['a relative socket', 'unix://docker.sock', 'engine-address', /absolute path/],
  ['rubbish', 'docker', 'engine-address', /not the address of an engine/],
  ['another protocol', 'ftp://there', 'engine-address', /not the address of an engine/],
])('%s', async (_name, host, code, message) => {
  expect(await dockerConnection({ host }, environment())).toMatchObject({
    ok: false,
    error: [{ code, severity: 'error', message: expect.stringMatching(message), hint: expect.any(String) }],
  });
});

test('an unknown context, and two answers to one question', async () => {
  expect(await dockerConnection({ context: 'nowhere' }, environment())).toMatchObject({
    ok: false,
    error: [{ code: 'engine-context', message: '--context names the context nowhere, but docker knows no context of that name' }],
  });
  expect(await dockerConnection({ context: 'lab', host: 'unix:///x' }, environment())).toMatchObject({
    ok: false,
    error: [{ code: 'engine-ambiguous' }],
  });
});

test('tcp with and without TLS', async () => {
  const listening = createServer((one) => one.on('error', () => undefined));
  await new Promise<void>((resolve) => listening.listen(21_998, '127.0.0.1', resolve));
  const plain = await dockerConnection({ host: 'tcp://127.0.0.1:21998' }, environment());
  expect(plain).toEqual({ ok: true, value: { kind: 'tcp', host: '127.0.0.1', port: 21_998, from: '--host' } });
  await writeFile(join(home, 'ca.pem'), 'CA');
  const secure = await dockerConnection({ host: 'tcp://127.0.0.1:21998' }, environment({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: home }));
  expect(secure).toMatchObject({ ok: true, value: { tls: { ca: Buffer.from('CA') } } });
  listening.close();
});
