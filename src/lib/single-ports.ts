const most = 65_535;

/** "80", "90-92/tcp" and "53/udp", as engines and stack files say which ports a container listens on: single ports with their protocol, sorted. */
export function singlePorts(list: readonly string[]): string[] {
  const ports = list.flatMap((text) => {
    const [range = '', protocol = 'tcp'] = text.split('/');
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: Math.max(Math.min(last, most) - first + 1, 0) }, (_, i) => `${first + i}/${protocol}`);
  });
  return [...new Set(ports)].sort();
}
