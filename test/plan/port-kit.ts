import type { ReclaimRule } from '../../src/model/desired.ts';
import type { HostProcess, Listener } from '../../src/model/listener.ts';
import type { Port } from '../../src/model/settings.ts';

/** Published on every address. */
export const port = (published: string): Port => ({ target: 80, protocol: 'tcp', host_ip: '', published });

export const process = (more: Partial<HostProcess> = {}): HostProcess => ({
  pid: 812,
  startTicks: 1,
  user: 'ann',
  executable: '/bin/a',
  command: '/bin/a -x',
  commandHash: '0',
  startedAt: '2026-08-01T10:00:00Z',
  ofEngine: false,
  ...more,
});

export const listener = (holders: readonly HostProcess[] = [process()], more: Partial<Listener> = {}): Listener => ({
  protocol: 'tcp',
  address: '0.0.0.0',
  port: 8080,
  inode: '9',
  user: 'ann',
  holders,
  ...more,
});

export const rule: ReclaimRule = { command: '/bin/*', graceMs: 1000 };
