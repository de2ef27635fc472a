import { once } from 'node:events';
import { createServer, connect, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { sha256 } from '../lib/hash.ts';
import type { LockHolder, LockKeeper } from '../platform/lock.ts';

const answerMs = 1_000;

/**
 * A lock that the kernel releases with its holder: an abstract Unix socket, which has no file that could be left behind. Who
 * connects to it is told who holds it. Seen by every process in the host's network namespace, whatever its user.
 */
export const socketLock: LockKeeper = {
  async acquire(name, holder) {
    const address = addressOf(name);
    const server = createServer((socket) => {
      socket.on('error', () => undefined); // whoever asked has gone: that is theirs to know
      socket.end(JSON.stringify(holder));
    });
    if (await listens(server, address)) {
      server.unref();
      return { lock: { release: () => new Promise((done) => void server.close(() => done())) } };
    }
    return { heldBy: await askHolder(address) };
  },
};

/**
 * As long as an address may be (108 bytes): Node 20 fills a shorter one up with zeros, which belong to the name, and Node 24 does not,
 * so that under the two a shorter one would be two locks.
 */
const addressOf = (name: string): string => `\0stackctl/${sha256(name).slice(0, 32)}`.padEnd(108, '.');

async function listens(server: Server, address: string): Promise<boolean> {
  server.listen(address);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** A holder that was stopped (SIGSTOP) holds the lock and does not answer. */
async function askHolder(address: string): Promise<LockHolder | undefined> {
  const socket = connect(address);
  socket.setTimeout(answerMs, () => socket.destroy(new Error('no answer')));
  try {
    return JSON.parse(await text(socket)) as LockHolder; // it is another stackctl that wrote it
  } catch {
    return undefined;
  }
}
