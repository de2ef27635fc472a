import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyUnseen } from '../../src/adapters/linux-engine-network.ts';

let folder = '';
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-network-'));
  await symlink(process.execPath, join(folder, 'dockerd'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.kill('SIGKILL')) await once(child, 'exit').catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
});

const nobody = new Set<string>();
const unix = (path: string) => ({ kind: 'unix', path }) as const;

/** A program named dockerd that listens where it is told; behind other words, such as `unshare --net`. */
async function daemon(
  where: string | number,
  { through = [], handle }: { through?: readonly string[]; handle?: number } = {},
): Promise<number> {
  const listen = handle === undefined ? JSON.stringify(where) : '{ fd: 3 }';
  const source = `require('net').createServer().listen(${listen}, function () { console.log(this.address()?.port ?? 0) })`;
  const [file, ...words] = [...through, join(folder, 'dockerd'), '-e', source];
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit', handle ?? 'ignore'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout! });
  return Number(await new Promise<string>((resolve) => lines.once('line', resolve)));
}

async function listening(path: string): Promise<Server> {
  const server = createServer().listen(path);
  await once(server, 'listening');
  return server;
}

describe.runIf(process.platform === 'linux')('whether the ports of an engine are those that we see', () => {
  it('a daemon of our network, also by another name of its socket', async () => {
    await daemon(join(folder, 'docker.sock'));
    await symlink(folder, `${folder}-too`);
    expect(whyUnseen(unix(join(folder, 'docker.sock')), nobody)).toBeUndefined();
    expect(whyUnseen(unix(join(`${folder}-too`, 'docker.sock')), nobody)).toBeUndefined();
    await rm(`${folder}-too`);
  });

  it('a daemon on a port of ours', async () => {
    const port = await daemon(0);
    expect(whyUnseen({ kind: 'tcp', host: '127.0.0.1', port }, nobody)).toBeUndefined();
    expect(whyUnseen({ kind: 'tcp', host: 'localhost', port }, nobody)).toBeUndefined();
  });

  it('an engine on another machine', () => {
    expect(whyUnseen({ kind: 'tcp', host: '10.1.2.3', port: 2375 }, nobody)).toBe('the engine at 10.1.2.3:2375 is on another machine');
  });

  it('what passes calls on may lead anywhere', async () => {
    const path = join(folder, 'proxy.sock');
    const server = await listening(path);
    const web = createServer().listen(0, '127.0.0.1');
    await once(web, 'listening');
    const why = /no engine, and where the engine behind it is cannot be told$/;
    expect(whyUnseen(unix(path), nobody)).toMatch(why);
    expect(whyUnseen({ kind: 'tcp', host: '127.0.0.1', port: (web.address() as AddressInfo).port }, nobody)).toMatch(why);
    server.close();
    web.close();
  });

  it.runIf(process.getuid?.() === 0)('a daemon of another network, by its own socket or by one that it was given', async () => {
    await daemon(join(folder, 'docker.sock'), { through: ['unshare', '--net'] });
    expect(whyUnseen(unix(join(folder, 'docker.sock')), nobody)).toMatch(/docker\.sock is in another network namespace than this program$/);
    const server = await listening(join(folder, 'given.sock'));
    const handle = (server as Server & { readonly _handle: { readonly fd: number } })._handle.fd;
    await daemon(0, { through: ['unshare', '--net'], handle });
    expect(whyUnseen(unix(join(folder, 'given.sock')), nobody)).toMatch(/given\.sock \(process \d+\) is in another network namespace$/);
    server.close();
  });
});
