import { fromEntries, type ByName } from '../lib/record.ts';
import type { Attachment, Port, Settings } from '../model/settings.ts';
import type { Answer } from './docker-answer.ts';
import { seenEndpoint } from './docker-endpoint.ts';
import { seenLinks } from './docker-links.ts';
import { seenMode } from './docker-sharing.ts';
import type { Ownership, Reading } from './docker-inspect.ts';

/** How a container is connected, and which of its ports are published, from its inspect answer. */
export function seenNetworks(answer: Answer, owner: Ownership, reading: Reading): Partial<Settings> {
  const mode = answer.inside('HostConfig').text('NetworkMode');
  const ports = seenPorts(answer.inside('HostConfig'));
  const hostname = seenHostname(answer, mode, reading.facts.host);
  const shared = { ...seenLinks(answer, owner), ...(ports.length > 0 && { ports }), ...(hostname && { hostname }) };
  if (mode === 'host' || mode === 'none') return { ...shared, network_mode: mode };
  if (mode.startsWith('container:')) return { ...shared, network_mode: seenMode(mode, reading) };
  // Nothing that was asked for: 20.10 says "default", 28 says "bridge". A service without network_mode is never there alone
  const onBridge = mode === 'default' || mode === 'bridge';
  const rows = answer.inside('NetworkSettings').entries('Networks');
  const attachments = rows
    .filter(([name]) => !(onBridge && name === 'bridge'))
    .map(([name, row]) => [name, seenAttachment(row, answer, owner)] as const);
  const networks = fromEntries(attachments);
  const macs = seenMacs(rows, answer);
  return {
    ...shared,
    ...(onBridge && { network_mode: 'bridge' }),
    ...(attachments.length > 0 && { networks }),
    ...(attachments.length > 1 && { network_priority: mode }),
    ...(Object.keys(macs).length > 0 && { mac_address: macs }),
  };
}

/** What was asked for, as engines before API 1.44 show it, or what a running container has. */
function seenMacs(rows: readonly (readonly [string, Answer])[], answer: Answer): ByName<string> {
  const asked = answer.inside('Config').text('MacAddress');
  const mode = answer.inside('HostConfig').text('NetworkMode');
  const macs = rows.map(([name, row]) => [name, ((name === mode && asked) || row.text('MacAddress')).toLowerCase()] as const);
  return fromEntries(macs.filter(([, mac]) => mac !== ''));
}

// A container that shares a network namespace has no host name of its own; with "host" the engine writes the machine's
function seenHostname(answer: Answer, mode: string, machine: string): string {
  const hostname = answer.inside('Config').text('Hostname');
  const given =
    hostname === answer.mustText('Id').slice(0, 12) || mode.startsWith('container:') || (mode === 'host' && hostname === machine);
  return given ? '' : hostname;
}

function seenAttachment(row: Answer, answer: Answer, { stack, service, number }: Ownership): Attachment {
  const name = answer.mustText('Name').replace(/^\//, '');
  const shortId = answer.mustText('Id').slice(0, 12);
  // Compose adds the name that it gives the container, which stays when the container is renamed
  const added = new Set([name, shortId, `${stack}-${service}-${number}`, `${stack}_${service}_${number}`]);
  const all = row.texts('Aliases');
  // Docker below API 1.45 appends the short id, then the host name unless that was an alias already
  const appended = all.includes(shortId) ? all.slice(all.indexOf(shortId) + 1) : [];
  const hostname = answer.inside('Config').text('Hostname');
  const declared = all.filter((alias, i) => !added.has(alias) && !(alias === hostname && i >= all.length - appended.length));
  const id = row.text('NetworkID');
  return { aliases: [...new Set(declared)].sort(), ...seenEndpoint(row), ...(id && { id }) };
}

function seenPorts(host: Answer): Port[] {
  const ports = host.names('PortBindings').flatMap((key) => {
    const [target = '', protocol = 'tcp'] = key.split('/');
    if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') return [];
    return host
      .inside('PortBindings')
      .list(key)
      .map((row): Port => ({
        target: Number(target),
        protocol,
        host_ip: row.text('HostIp'),
        published: row.text('HostPort').replace(/^0$/, ''),
      }));
  });
  const key = (port: Port): string => [String(port.target).padStart(5, '0'), port.protocol, port.host_ip, port.published].join(' ');
  return ports.sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
