import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endProcess } from '../../src/adapters/linux-end-process.ts';
import { linuxHost } from '../../src/adapters/linux-host.ts';
import { sendSignal } from '../../src/adapters/linux-signal.ts';
import { readProcess, machineFacts } from '../../src/adapters/linux-process.ts';
import type { EndTarget } from '../../src/platform/host.ts';
import { holdPort, type HoldingProcess, type Manner } from '../kit/holding-process.ts';

const signal = AbortSignal.timeout(60_000);

const target = ({ holder, listener }: HoldingProcess, more: Partial<EndTarget> = {}): EndTarget => ({
  process: holder,
  inodes: [listener.inode],
  graceMs: 300,
  ...more,
});

const holdersOf = async (port: number): Promise<number[]> =>
  (await linuxHost().listeners([{ protocol: 'tcp', port }], signal)).flatMap(({ holders }) => holders.map(({ pid }) => pid));

describe.runIf(process.platform === 'linux')('a process that holds a port', () => {
  it.each<[Manner, unknown]>([
    ['obeys', { by: 'SIGTERM' }],
    ['ignores SIGTERM', { by: 'SIGKILL' }],
  ])('that %s is ended, and its port is free then', async (manner, ended) => {
    await using holding = await holdPort(manner);
    expect(await endProcess(target(holding), signal)).toEqual(ended);
    expect(await holdersOf(holding.port)).toEqual([]);
  });

  it('that leaves the socket to a child: the port is told as still held, and by whom', async () => {
    await using holding = await holdPort('leaves a child that holds on');
    expect(await endProcess(target(holding), signal)).toEqual({
      why: expect.stringMatching(/^the port is held by process \d+ .*\/sleep\) now$/),
    });
  });

  it('that opens the port anew has closed the socket it was ended for: who holds it now is for another look', async () => {
    await using holding = await holdPort('binds again at once');
    expect(await endProcess(target(holding), signal)).toEqual({ by: 'SIGTERM' });
    expect(holding.isAlive()).toBe(true);
  });

  it('and has ended by itself meanwhile', async () => {
    await using holding = await holdPort('obeys');
    holding.child.kill('SIGKILL');
    await once(holding.child, 'exit');
    expect(await endProcess(target(holding), signal)).toEqual({ by: 'itself' });
  });
});

describe.runIf(process.platform === 'linux')('never ended', () => {
  it.each<[string, (holding: HoldingProcess) => Partial<EndTarget>]>([
    ['another process that got the number', ({ holder }) => ({ process: { ...holder, startTicks: holder.startTicks - 1 } })],
    ['another program', ({ holder }) => ({ process: { ...holder, executable: '/usr/bin/python3' } })],
    ['one that holds another socket', () => ({ inodes: ['1'] })],
  ])('%s', async (_name, more) => {
    await using holding = await holdPort('obeys');
    await endProcess(target(holding, more(holding)), signal);
    expect(holding.isAlive()).toBe(true);
  });

  it('whatever sends the signal: python3, or Node where there is none', async () => {
    for (const pythons of [undefined, []]) {
      await using holding = await holdPort('obeys');
      const { holder } = holding;
      const sending = { signal, ...(pythons && { pythons }) };
      const others = [
        { ...holder, startTicks: holder.startTicks + 1 },
        { ...holder, executable: '/bin/sh' },
      ];
      for (const process of others) expect(await sendSignal(target(holding, { process }), 'SIGKILL', sending)).toBe('other');
      expect(await sendSignal(target(holding, { inodes: ['1'] }), 'SIGKILL', sending)).toBe('other');
      expect(holding.isAlive()).toBe(true);
      const exit = once(holding.child, 'exit');
      expect(await sendSignal(target(holding), 'SIGKILL', sending)).toBe('sent');
      await exit;
      expect(await sendSignal(target(holding), 'SIGKILL', sending)).toBe('other');
    }
  });

  it('a client of the port', async () => {
    await using holding = await holdPort('obeys');
    const client = connect(holding.port, '127.0.0.1');
    await once(client, 'connect');
    expect(await holdersOf(holding.port)).toEqual([holding.child.pid]);
    client.destroy();
  });

  it.each([
    ['this process', process.pid],
    ['the one that started it', process.ppid],
    ['process 1', 1],
  ])('%s', async (_name, pid) => {
    await using holding = await holdPort('obeys');
    const self = readProcess(pid, machineFacts())!;
    expect(await endProcess(target(holding, { process: self }), signal)).toEqual({
      why: expect.stringMatching(/stackctl itself|never ended/),
    });
  });
});
