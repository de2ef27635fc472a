/** A socket of the host that takes connections or datagrams on a declared port. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** "0.0.0.0", "::", "127.0.0.1" … */
  readonly address: string;
  readonly port: number;
  /** Only with the address "::": it leaves IPv4 to others. */
  readonly onlyIpv6?: true;
  /** The kernel's number of the socket: the same for as long as it is open, whoever holds it. */
  readonly inode: string;
  /** Whose process made it. The kernel tells everybody. */
  readonly user: string;
  /** All processes that hold it and that this user may look at, the one that was there first in front. */
  readonly holders: readonly HostProcess[];
  /** Others may hold it too: there are processes that this user may not look at. */
  readonly partly?: true;
}

/** What names one process for ever: a pid is given to others later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in ticks of the kernel since the machine did. */
  readonly startTicks: number;
  /** Absolute path of its program; empty: this user may not look, or it is part of the kernel. */
  readonly executable: string;
  /** The whole command line, its words parted by a space. */
  readonly command: string;
}

export interface HostProcess extends ProcessIdentity {
  readonly user: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly parent?: { readonly pid: number; readonly command: string };
  /** 64 hex digits, when its cgroup names a container: it runs in it, or it outlived it. */
  readonly containerId?: string;
  /** When its cgroup names a systemd unit. */
  readonly unit?: SystemdUnit;
  /** When its cgroup names somebody's login, such as "session-3.scope". */
  readonly session?: string;
  /** What an engine, or what it runs on, is made of: docker-proxy, dockerd, containerd, conmon, rootlessport … */
  readonly ofEngine: boolean;
}

export interface SystemdUnit {
  /** Such as "nginx.service". */
  readonly name: string;
  /** Whose manager runs it: the machine's, or that of a user (`systemctl --user`). */
  readonly manager: 'system' | 'user';
}
