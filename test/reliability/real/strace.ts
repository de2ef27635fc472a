import { tool } from '../../kit/tool.ts';
import type { Launch } from './stage.ts';

/** System calls by which something gets onto a disk. */
export const writing = ['pwrite64', 'fdatasync', 'fsync', 'rename'] as const;
export type Writing = (typeof writing)[number];

/** What happens at the nth call: a signal before it is made, or an error in its place. */
export interface Injection {
  readonly call: Writing | 'ftruncate';
  readonly nth: number;
  readonly what: 'signal=SIGKILL' | `error=${string}`;
}

/** From outside, with strace. It counts for each thread, so one thread does all the work on files. (Under --seccomp-bpf it misses all but the first.) */
export async function injecting({ call, nth, what }: Injection): Promise<Launch> {
  const strace = await tool('strace');
  const how = ['-f', '-qqq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${nth}`];
  return { env: { UV_THREADPOOL_SIZE: '1' }, through: [strace, ...how] };
}
