import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { linuxHost } from '../../src/adapters/linux-host.ts';
import type { HostProcess, Listener } from '../../src/model/listener.ts';

/** A process that listens on a port of its own choice, and what the host tells of it. */
export interface HoldingProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly listener: Listener;
  readonly holder: HostProcess;
  isAlive(): boolean;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What it does with SIGTERM: nothing of its own (it ends), nothing at all, or it opens its port again in a child. */
export type Manner = 'obeys' | 'ignores SIGTERM' | 'leaves a child that holds on' | 'binds again at once';

/** Starts `node -e` with words behind it that a rule can name. */
export async function holdPort(manner: Manner, words: readonly string[] = []): Promise<HoldingProcess> {
  const child = spawn(process.execPath, ['-e', programs[manner], ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const port = Number(await new Promise<string>((resolve) => lines.once('line', resolve)));
  const [listener] = await linuxHost().listeners([{ protocol: 'tcp', port }], AbortSignal.timeout(10_000));
  const holder = listener?.holders.find(({ pid }) => pid === child.pid);
  if (!listener || !holder) throw new Error(`nobody is seen to listen on ${port}`);
  const others = listener.holders.filter(({ pid }) => pid !== child.pid).map(({ pid }) => pid);
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    child,
    port,
    listener,
    holder,
    isAlive,
    async [Symbol.asyncDispose]() {
      for (const pid of others) process.kill(pid, 'SIGKILL');
      if (isAlive()) {
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }
    },
  };
}

const listens = `const server = require('net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));`;

const programs: { readonly [manner in Manner]: string } = {
  obeys: listens,
  'ignores SIGTERM': `process.on('SIGTERM', () => {}); ${listens}`,
  'leaves a child that holds on': `
    const { spawn } = require('child_process');
    const server = require('net').createServer().listen(0, '127.0.0.1', () => {
      const child = spawn('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore', server._handle.fd] });
      child.once('spawn', () => console.log(server.address().port));
    });`,
  'binds again at once': `
    const { spawn } = require('child_process');
    ${listens}
    process.on('SIGTERM', () => {
      const { port } = server.address();
      server.close();
      require('net').createServer().listen(port, '127.0.0.1');
    });`,
};
