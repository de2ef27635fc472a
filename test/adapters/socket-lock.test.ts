import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { socketLock } from '../../src/adapters/socket-lock.ts';
import { sha256 } from '../../src/lib/hash.ts';
import type { LockHolder } from '../../src/platform/lock.ts';
import { lockContract } from '../engine-contract/lock-contract.ts';

lockContract('a socket of the host', () => Promise.resolve(socketLock));

const holder: LockHolder = { pid: 1, user: 'ann', host: 'here', since: '2026-01-01T00:00:00Z', command: 'apply' };
/** As every version of stackctl and of Node has it, or two would not know of each other. */
const addressOf = (name: string): string => `\0stackctl/${sha256(name).slice(0, 32)}`.padEnd(108, '.');

it('is known to other versions by an address that fills its place', async () => {
  const name = `address-${process.pid}`;
  const taken = await socketLock.acquire(name, holder, AbortSignal.abort());
  const socket = connect(addressOf(name));
  const [said] = (await once(socket, 'data')) as [Buffer];
  expect(said.toString()).toBe(`${JSON.stringify(holder)}\n`);
  // Who asked hears of its end, and does not keep it from ending
  const ended = once(socket, 'close');
  if ('lock' in taken) await taken.lock.release();
  await ended;
});

it('is held by a process that was stopped and does not say who it is', async () => {
  const name = `silent-${process.pid}`;
  const silent = createServer((socket) => socket.on('error', () => undefined)).listen(addressOf(name));
  await once(silent, 'listening');
  expect(await socketLock.acquire(name, holder, AbortSignal.abort())).toEqual({ heldBy: undefined });
  silent.close();
});

it('an answer in two parts is one answer', async () => {
  const name = `parts-${process.pid}`;
  const parts = createServer((socket) => {
    socket.on('error', () => undefined).write('{"pid":');
    setImmediate(() => socket.write('7}\n'));
  }).listen(addressOf(name));
  await once(parts, 'listening');
  expect(await socketLock.acquire(name, holder, AbortSignal.abort())).toEqual({ heldBy: { pid: 7 } });
  parts.close();
});

it('is free again where its holder went without a word', async () => {
  const name = `gone-${process.pid}`;
  const gone = createServer((socket) => {
    socket.on('error', () => undefined).destroy();
    gone.close();
  }).listen(addressOf(name));
  await once(gone, 'listening');
  const taken = await socketLock.acquire(name, holder, AbortSignal.timeout(5_000));
  expect(taken).toHaveProperty('lock');
  if ('lock' in taken) await taken.lock.release();
});
