import { readlinkSync } from 'node:fs';
import { procText } from './proc-text.ts';

/** Whether this process can see every other one of the machine, and into it. */
export type Sight = 'all' | 'shut in' | 'limited';

/** CAP_SYS_PTRACE: with it hidepid hides nothing, and all open files can be read (capabilities(7)). */
const mayTrace = 1n << 19n;

/** The kernel's number of the process namespace that it starts with (PROC_PID_INIT_INO). */
const first = 'pid:[4026531836]';

/** "limited": this user has not the rights. "shut in": it has, but lives in a process namespace that has not all processes. */
export function sightOf(): Sight {
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(procText('/proc/self/status'))?.[1] ?? '0';
  if ((BigInt(`0x${effective}`) & mayTrace) === 0n) return 'limited';
  try {
    return readlinkSync('/proc/self/ns/pid') === first ? 'all' : 'shut in';
  } catch {
    return 'limited';
  }
}
