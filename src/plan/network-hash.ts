import { goJsonText } from '../lib/go-json.ts';
import { sha256 } from '../lib/hash.ts';
import { present, some } from '../lib/present.ts';
import { fromEntries, get, names, type ByName } from '../lib/record.ts';
import type { AddressPool, NetworkSpec } from '../model/desired.ts';
import type { SeenNetwork } from '../model/observed.ts';

/** The hash of what a file said of a network when Docker Compose (2.30 and newer) made it, from its label; undefined: nobody wrote it down. */
export function hashWhenMade({ labels }: SeenNetwork): string | undefined {
  const hash = get(labels, 'com.docker.compose.config-hash');
  return typeof hash === 'string' ? hash : undefined;
}

/** The hash that Docker Compose 2.40 gives a network which is declared so; undefined where a label is sensitive. */
export function networkHash({ name, driver, ...spec }: NetworkSpec): string | undefined {
  const labels = names(spec.labels).map((key) => [key, spec.labels[key] ?? ''] as const);
  if (labels.some(([, value]) => typeof value !== 'string')) return undefined;
  // In the order of the fields of Go's structs; what says nothing is left out, but for a flag that may be neither
  const written = present({
    name,
    driver,
    driver_opts: inOrder(spec.driverOptions),
    ipam: present({ driver: spec.ipam?.driver, config: some((spec.ipam?.pools ?? []).map(poolJson)) }),
    internal: spec.internal || undefined,
    attachable: spec.attachable === true ? true : undefined,
    labels: some(fromEntries(labels)),
    enable_ipv4: spec.ipv4,
    enable_ipv6: spec.ipv6,
  });
  return sha256(goJsonText(JSON.stringify(written)));
}

const inOrder = (options: ByName<string> = {}): ByName<string> | undefined =>
  some(fromEntries(names(options).map((key) => [key, options[key] ?? ''] as const)));

const poolJson = ({ subnet, gateway, ip_range, aux_addresses }: AddressPool) =>
  present({
    subnet: subnet || undefined,
    gateway: gateway || undefined,
    ip_range: ip_range || undefined,
    aux_addresses: inOrder(aux_addresses),
  });
