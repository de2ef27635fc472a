import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { errorCode } from '../lib/error-code.ts';
import { sha256 } from '../lib/hash.ts';
import type { Acquired, Lock, LockHolder, LockKeeper } from '../platform/lock.ts';

const answerMs = 1_000;

/**
 * A lock that the kernel releases with its holder: an abstract Unix socket, which has no file that could be left behind. Who connects
 * to it is told who holds it, and hears its end: the connection lasts as long as the lock. Seen by every process in the host's network
 * namespace, whatever its user.
 */
export const socketLock: LockKeeper = {
  async acquire(name, holder, patience): Promise<Acquired> {
    const address = addressOf(name);
    for (;;) {
      const lock = await listens(address, JSON.stringify(holder));
      if (lock) return { lock };
      const { heldBy, socket } = await askHolder(address);
      const gone = await ended(socket, patience);
      socket.destroy();
      if (!gone) return { heldBy };
    }
  },
};

/**
 * As long as an address may be (108 bytes): Node 20 fills a shorter one up with zeros, which belong to the name, and Node 24 does not,
 * so that under the two a shorter one would be two locks.
 */
const addressOf = (name: string): string => `\0stackctl/${sha256(name).slice(0, 32)}`.padEnd(108, '.');

/** Undefined: somebody else has it. */
async function listens(address: string, answer: string): Promise<Lock | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    socket.unref().on('error', () => undefined); // whoever asked has gone: that is theirs to know
    waiting.add(socket.on('close', () => waiting.delete(socket)));
    socket.write(`${answer}\n`);
  });
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
  return { lost: new AbortController().signal, release: () => close(server.unref(), waiting) };
}

const close = (server: Server, waiting: ReadonlySet<Socket>): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    for (const socket of waiting) socket.destroy();
  });

/** A holder that was stopped (SIGSTOP) holds the lock and does not answer. */
async function askHolder(address: string): Promise<{ readonly heldBy: LockHolder | undefined; readonly socket: Socket }> {
  const socket = connect(address);
  return { heldBy: await firstLine(socket).then(holderOf, () => undefined), socket };
}

async function firstLine(socket: Socket): Promise<string> {
  let said = '';
  const signal = AbortSignal.timeout(answerMs);
  while (!said.includes('\n')) {
    const [bytes] = (await once(socket, 'data', { signal })) as [Buffer];
    said += bytes.toString();
  }
  return said;
}

const holderOf = (line: string): LockHolder => JSON.parse(line) as LockHolder; // it is another stackctl that wrote it

/** Whether the connection ends before the signal aborts. */
async function ended(socket: Socket, signal: AbortSignal): Promise<boolean> {
  if (socket.closed) return true;
  try {
    await once(socket.resume(), 'close', { signal });
    return true;
  } catch {
    return !signal.aborted;
  }
}
