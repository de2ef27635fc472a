import { expect, test } from 'vitest';
import { lockProgram } from '../../src/adapters/docker-lock-program.ts';

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
