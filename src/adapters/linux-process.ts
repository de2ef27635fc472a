import { readFile, readdir, readlink } from 'node:fs/promises';
import type { HostProcess } from '../model/observed.ts';

const ticksPerSecond = 100; // USER_HZ: part of the kernel's interface, 100 on every architecture that Node runs on
const container = /(?:^|[/-])(?:docker|libpod|cri-containerd|crio)[-/]([0-9a-f]{64})(?:\.scope)?(?:\/|$)/;
// dockerd itself holds published ports with --userland-proxy=false, conmon does for Podman
const proxies = new Set(['docker-proxy', 'dockerd', 'conmon', 'rootlessport', 'rootlesskit', 'rootlessport-child']);

/** The pids that hold each of these sockets, by inode; those that this user may not look into are absent. */
export async function socketHolders(inodes: ReadonlySet<string>): Promise<Map<string, number[]>> {
  const holders = new Map<string, number[]>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      for (const inode of await socketsOf(pid)) {
        if (inodes.has(inode)) holders.set(inode, [...(holders.get(inode) ?? []), Number(pid)]);
      }
    }),
  );
  return holders;
}

async function socketsOf(pid: string): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []); // gone, or another user's
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** What /proc tells everyone about a process; undefined when it has ended. */
export async function hostProcess(pid: number): Promise<HostProcess | undefined> {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [stat, status, cmdline, cgroup, kernel, passwd] = await Promise.all([
    read('stat'),
    read('status'),
    read('cmdline'),
    read('cgroup'),
    readFile('/proc/stat', 'utf8').catch(() => ''),
    readFile('/etc/passwd', 'utf8').catch(() => ''),
  ]);
  if (stat === '') return undefined;
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const words = cmdline.split('\0').filter((word, i, all) => word !== '' || i < all.length - 1);
  const containerId = cgroup
    .split('\n')
    .map((line) => container.exec(line)?.[1])
    .find(Boolean);
  const unit = containerId === undefined ? unitOf(cgroup) : undefined;
  return {
    pid,
    user: userName(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? '', passwd),
    command: words.length > 0 ? words.join(' ') : `[${name}]`,
    startedAt: startOf(stat, kernel),
    ...(containerId !== undefined && { containerId }),
    ...(unit !== undefined && { unit }),
    // The kernel keeps 15 characters of a name; what the program was called says the rest
    proxy: proxies.has(name) || proxies.has(words[0]?.split('/').at(-1) ?? ''),
  };
}

/** The name may hold spaces and brackets, so fields count from behind it; the start is the 22nd, in ticks since the machine's start. */
function startOf(stat: string, kernel: string): string {
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const bootSeconds = Number(/^btime (\d+)/m.exec(kernel)?.[1]);
  const moment = new Date((bootSeconds + ticks / ticksPerSecond) * 1000);
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
}

const userName = (uid: string, passwd: string): string =>
  passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[2] === uid)?.[0] ?? uid;

/** The innermost systemd unit: "user@1000.service/app.slice/web.service" is web.service. */
function unitOf(cgroup: string): string | undefined {
  const units = cgroup.split('\n').flatMap((line) =>
    line
      .split('/')
      .filter((part) => /\.(?:service|socket)$/.test(part))
      .slice(-1),
  );
  return units[0];
}
