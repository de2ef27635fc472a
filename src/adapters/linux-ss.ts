/** Who `ss` says holds a socket. */
export interface SsRow {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly pids: readonly number[];
}

/** Asks `ss`, which on some machines may see more than we do; an empty list where it is missing or fails. */
export async function askSs(signal: AbortSignal): Promise<SsRow[]> {
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const result = await execa('ss', ['-Htulnp'], { reject: false, timeout: 5000, cancelSignal: signal });
  return result.failed ? [] : result.stdout.split('\n').flatMap(ssRow);
}

/** `tcp LISTEN 0 511 [::1]:8080 [::]:* users:(("nginx",pid=12,fd=6))` */
export function ssRow(line: string): SsRow[] {
  const [protocol, , , , local = '', , ...rest] = line.trim().split(/\s+/);
  const cut = local.lastIndexOf(':');
  if ((protocol !== 'tcp' && protocol !== 'udp') || cut < 0) return [];
  const address = local
    .slice(0, cut)
    .replace(/%.*$/, '')
    .replace(/^\[|\]$/g, '');
  const pids = [...rest.join(' ').matchAll(/pid=(\d+)/g)].map((match) => Number(match[1]));
  return [{ protocol, address: address === '*' ? '::' : address, port: Number(local.slice(cut + 1)), pids }];
}
