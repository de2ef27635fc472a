import { present, some } from '../lib/present.ts';
import { fromEntries, names } from '../lib/record.ts';
import type { Attachment, Settings } from '../model/settings.ts';
import type { Complete } from './complete.ts';
import type { DeclaredAttachment } from './declared-networks.ts';
import type { DeclaredService } from './declared.ts';
import { networkName } from './engine-names.ts';
import { byPriority } from './network-order.ts';

/** How Docker (28.1 and newer) is asked for the name of an interface. */
const interfaceName = 'com.docker.network.endpoint.ifname';

/** What a service says of the networks that its containers are attached to. */
export function networksOf(name: string, { networks = {}, network_mode, mac_address }: DeclaredService, stack: Complete) {
  const uses = names(networks).map((key) => ({ network: networkName(stack, key), use: networks[key] ?? {} }));
  const [key] = byPriority(networks);
  const first = key === undefined ? undefined : networkName(stack, key);
  const macs = uses.flatMap(({ network, use }) => {
    const mac = use.mac_address ?? (network === first ? mac_address : undefined);
    return mac === undefined ? [] : [[network, mac.toLowerCase()] as const];
  });
  // The engine's own network is no network of the stack
  const onBridge = network_mode === 'bridge' && mac_address !== undefined ? [['bridge', mac_address.toLowerCase()] as const] : [];
  return present({
    networks: some(fromEntries(uses.map(({ network, use }) => [network, attachmentOf(name, use)] as const))),
    network_priority: uses.some(({ use }) => (use.priority ?? 0) !== 0) ? first : undefined,
    mac_address: some(fromEntries([...macs, ...onBridge])),
  }) satisfies Partial<Settings>;
}

function attachmentOf(service: string, use: DeclaredAttachment): Attachment {
  const options = { ...use.driver_opts, ...(use.interface_name !== undefined && { [interfaceName]: use.interface_name }) };
  return present({
    aliases: [...new Set([service, ...(use.aliases ?? [])])].sort(),
    ipv4_address: use.ipv4_address,
    ipv6_address: use.ipv6_address,
    link_local_ips: some([...(use.link_local_ips ?? [])].sort()),
    driver_opts: some(options),
    gw_priority: use.gw_priority,
  });
}
