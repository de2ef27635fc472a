import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { collide } from '../model/host-socket.ts';
import type { EngineAddress } from '../model/observed.ts';
import { cgroupMeaning } from './linux-cgroup.ts';
import { heldSockets } from './linux-holders.ts';
import { isPartOfEngine, lineAbove } from './linux-process.ts';
import { openSockets } from './linux-sockets.ts';
import { procText } from './proc-text.ts';

/** Programs that answer for an engine themselves; systemd holds the socket of one that it has not started yet. */
const daemons = ['dockerd', 'podman', 'systemd'];

/**
 * `Host.whyUnseen` on Linux: whether the engine opens its ports in the network namespace whose ports we see. Its socket tells, if a daemon
 * holds it: /proc/net lists those of our own namespace alone. Behind a go-between (a proxy, a tunnel) only a container of it can tell.
 */
export function whyUnseen(address: EngineAddress, running: ReadonlySet<string>): string | undefined {
  if (process.platform !== 'linux') return 'the ports of a host are looked at on Linux alone';
  const where = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`;
  if (address.kind === 'tcp' && !isLoopback(address.host)) return `the engine at ${where} is on another machine`;
  const inodes = address.kind === 'unix' ? unixSockets(address.path) : tcpSockets(address);
  if (inodes.size === 0) return `the engine at ${where} is in another network namespace than this program`;
  // Whoever may not look into the daemons can but trust the kernel, which lists the socket here
  let isBlind = procText('/proc/1/comm') === '';
  for (const pid of daemonPids()) {
    const held = heldSockets(String(pid));
    if (held?.some((inode) => inodes.has(inode)))
      return isHere(pid) ? undefined : `the engine at ${where} (process ${pid}) is in another network namespace`;
    isBlind ||= held === undefined;
  }
  return isBlind || isProven(running)
    ? undefined
    : `what answers at ${where} is no engine, and where the engine behind it is cannot be told`;
}

/** Docker writes down which process it is: as a rule nobody else has to be looked for. */
function* daemonPids(): Generator<number> {
  const isDaemon = (pid: number): boolean => daemons.includes(procText(`/proc/${pid}/comm`).trimEnd());
  const said = Number.parseInt(procText('/run/docker.pid'), 10);
  if (said > 1 && isDaemon(said)) yield said;
  for (const pid of pidsNow()) if (isDaemon(pid)) yield pid;
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);

/** Num RefCount Protocol Flags Type St Inode Path (proc_net(5)); the flag is that of a socket that listens. */
function unixSockets(path: string): Set<string> {
  const real = realPath(path);
  const rows = procText('/proc/net/unix')
    .split('\n')
    .filter((row) => row.endsWith(`/${basename(real)}`));
  return new Set(
    rows.flatMap((row) => {
      const [, , , flags = '', , , inode = '', ...words] = row.split(/\s+/);
      const bound = words.join(' ');
      const isIt = (Number.parseInt(flags, 16) & 0x10000) !== 0 && realPath(bound) === real;
      return isIt ? [inode] : [];
    }),
  );
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function tcpSockets({ host, port }: Extract<EngineAddress, { readonly kind: 'tcp' }>): Set<string> {
  const wanted = { protocol: 'tcp', address: host === 'localhost' ? '' : host, port };
  const rows = ['tcp', 'tcp6'].flatMap((name) => openSockets(procText(`/proc/net/${name}`), 'tcp', (each) => each === port));
  return new Set(rows.filter((row) => collide(row, wanted)).map(({ inode }) => inode));
}

/** Whether a container of this engine runs whose keeper (a shim, conmon) is in our namespace. */
const isProven = (running: ReadonlySet<string>): boolean =>
  pidsNow().some((pid) => {
    const { containerId = '' } = cgroupMeaning(procText(`/proc/${pid}/cgroup`));
    const keeper = running.has(containerId) ? lineAbove(pid).find(isPartOfEngine) : undefined;
    return keeper !== undefined && isHere(keeper);
  });

const pidsNow = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

const isHere = (pid: number): boolean => namespaceOf(String(pid)) === namespaceOf('self');

function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}
