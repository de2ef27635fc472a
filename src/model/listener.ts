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
  /** Others may hold it too: it was made by another user than its holders, and there are processes that this user may not look at. */
  readonly partly?: true;
  /** Why nobody is seen to hold it though this user may look at everybody: the kernel itself has it, or we are shut in with few others. */
  readonly noProcess?: 'kernel' | 'elsewhere';
}

/** What names one process for ever: a pid is given to others later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in ticks of the kernel since the machine did. */
  readonly startTicks: number;
  /** Absolute path of its program; empty: this user may not look, or it is part of the kernel. */
  readonly executable: string;
  /** The whole command line, its words parted by a space, without what is sensitive. */
  readonly command: string;
  /** SHA-256 of pid, start and the command line as it is, cut to 64 bits: a process can become another program's without a new start. */
  readonly commandHash: string;
}

export interface HostProcess extends ProcessIdentity {
  readonly user: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly parent?: { readonly pid: number; readonly command: string };
  /** 64 hex digits, when its cgroup names a container: it runs in it, or it outlived it. */
  readonly containerId?: string;
  /** What the engine still knows of that container, when it is gone. */
  readonly formerContainer?: { readonly name: string; readonly removedMsAgo: number };
  /** systemd, of the machine or of a user: it holds sockets for its socket units, one of which `unit` names then. Never ended. */
  readonly manager?: true;
  /** When its cgroup names a systemd unit, or systemd itself holds the socket for one. */
  readonly unit?: SystemdUnit;
  /** When its cgroup names somebody's login, such as "session-3.scope". */
  readonly session?: string;
  /** What an engine is made of: docker-proxy, dockerd, containerd, conmon, rootlessport … */
  readonly ofEngine: boolean;
  /** Part of an engine has started it, or one that did: it lives in a container, of whatever engine. What outlived its container does not. */
  readonly belowEngine?: true;
  /** This process, or one that has started it. */
  readonly own?: true;
}

export interface SystemdUnit {
  /** Such as "nginx.service". */
  readonly name: string;
  /** Whose manager runs it: the machine's, or that of a user (`systemctl --user`). */
  readonly manager: 'system' | 'user';
}
