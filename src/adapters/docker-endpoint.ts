import type { EndpointSettings } from 'dockerode';
import { present, some } from '../lib/present.ts';
import type { Attachment } from '../model/settings.ts';
import type { Answer } from './docker-answer.ts';

/** What @types/dockerode (4.0.2) does not know, or does not let be left out. */
type Endpoint = Partial<EndpointSettings> & { GwPriority?: number };

/** How a container is attached to a network. The engine's own "bridge" refuses aliases. */
export function endpointOf(network: string, attachment: Attachment): EndpointSettings {
  const { aliases, ipv4_address, ipv6_address, link_local_ips, driver_opts, gw_priority, links } = attachment;
  const addresses = {
    ...(ipv4_address !== undefined && { IPv4Address: ipv4_address }),
    ...(ipv6_address !== undefined && { IPv6Address: ipv6_address }),
    ...(link_local_ips && { LinkLocalIPs: [...link_local_ips] }),
  };
  const endpoint: Endpoint = {
    ...(network !== 'bridge' && { Aliases: [...aliases] }),
    ...(Object.keys(addresses).length > 0 && { IPAMConfig: addresses }),
    ...(links && { Links: [...links] }),
    ...(driver_opts && { DriverOpts: { ...driver_opts } }),
    ...(gw_priority !== undefined && { GwPriority: gw_priority }),
  };
  return endpoint;
}

/** What of it was asked for, from an inspect answer. */
export function seenEndpoint(row: Answer): Omit<Attachment, 'aliases' | 'id'> {
  const asked = row.inside('IPAMConfig');
  return present({
    ipv4_address: asked.text('IPv4Address') || undefined,
    ipv6_address: asked.text('IPv6Address') || undefined,
    link_local_ips: some([...asked.texts('LinkLocalIPs')].sort()),
    driver_opts: some(row.textMap('DriverOpts')),
    gw_priority: row.number('GwPriority') || undefined,
    links: some([...row.texts('Links')]),
  });
}
