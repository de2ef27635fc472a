/** What `ss` says of a socket beyond what /proc has. */
export interface SsRow {
  readonly inode: string;
  /** Of an IPv6 socket: whether it leaves IPv4 to others. */
  readonly onlyIpv6: boolean;
  readonly pids: readonly number[];
}

/** Asks `ss`, which alone tells whether a socket is for IPv6 only, and on some machines sees more than we do; empty where it is missing or fails. */
export async function askSs(signal: AbortSignal): Promise<SsRow[]> {
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const result = await execa('ss', ['-Htulnpe'], { reject: false, timeout: 5000, cancelSignal: signal });
  return result.failed ? [] : result.stdout.split('\n').flatMap(ssRow);
}

/** `tcp LISTEN 0 511 [::1]:8080 [::]:* users:(("nginx",pid=12,fd=6)) ino:4242 sk:1 cgroup:/ v6only:1 <->` */
export function ssRow(line: string): SsRow[] {
  const inode = /\bino:(\d+)/.exec(line)?.[1];
  if (inode === undefined) return [];
  return [{ inode, onlyIpv6: /\bv6only:1\b/.test(line), pids: [...line.matchAll(/\bpid=(\d+)/g)].map((match) => Number(match[1])) }];
}
