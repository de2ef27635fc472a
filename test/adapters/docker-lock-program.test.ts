import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockProgram } from '../../src/adapters/docker-lock-program.ts';
import { folderWith } from '../commands/kit.ts';

const machineOf = (program: Buffer): number => program.readUInt16LE(18);

test.each([
  ['amd64', 62],
  ['arm64', 183],
  // Cannot be started there: then the name of the container is the lock
  ['riscv64', 62],
])('on %s there is a program', (architecture, machine) => {
  const program = lockProgram(architecture);
  expect([program.toString('latin1', 0, 4), machineOf(program)]).toEqual(['\x7fELF', machine]);
});

const own = { x64: 'amd64', arm64: 'arm64' }[arch()];

test.runIf(own !== undefined)('it runs as long as its input is open, whatever comes, and then ends well', async () => {
  const path = join(await folderWith({}), 'hold');
  await writeFile(path, lockProgram(own!), { mode: 0o755 });
  const running = spawn(path, { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(running, 'exit');
  await new Promise((resolve) => running.stdin.write('x'.repeat(100), resolve));
  expect([running.exitCode, running.signalCode]).toEqual([null, null]);
  running.stdin.end('y');
  expect(await ended).toEqual([0, null]);
  // All of it was read
  expect(running.stdin.writableLength).toBe(0);
  expect(execFileSync(path, { input: '' }).toString()).toBe('');
});

test('it is a file that systems load: one segment of all its bytes, read and run, that starts behind its header', () => {
  const program = lockProgram('amd64');
  const [type, header, size, count] = [16, 52, 54, 56].map((at) => program.readUInt16LE(at));
  expect([type, header, size, count]).toEqual([2, 64, 56, 1]);
  expect([program.readUInt32LE(20), program.readUInt32LE(64), program.readUInt32LE(68)]).toEqual([1, 1, 5]);
  const [starts, table, ...segment] = [24, 32, 80, 88, 96, 104, 112].map((at) => program.readBigUInt64LE(at));
  const bytes = BigInt(program.length);
  expect([starts, table]).toEqual([0x400078n, 64n]);
  expect(segment).toEqual([0x400000n, 0x400000n, bytes, bytes, 0x10000n]);
});
