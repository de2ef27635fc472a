import { linuxHost } from '../src/adapters/linux-host.ts';
import type { HostPort } from '../src/platform/host.ts';

/** look.ts SOCKET PORTS ROUNDS: looks so often at who holds those ports, each time as a first look; seconds of each, by the clock and of CPU. */
const [socket = '', ports = '[]', rounds = '1'] = process.argv.slice(2);
const wanted = JSON.parse(ports) as readonly HostPort[];
const looks: { readonly wall: number; readonly cpu: number; readonly found: number }[] = [];
for (let i = 0; i < Number(rounds); i++) {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  const host = linuxHost();
  host.whyUnseen({ kind: 'unix', path: socket }, new Set());
  const found = await host.listeners(wanted, AbortSignal.timeout(60_000));
  const { user, system } = process.cpuUsage(used);
  const holders = found.filter((listener) => listener.holders.length > 0).length;
  looks.push({ wall: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6, found: holders });
}
console.log(JSON.stringify(looks));
