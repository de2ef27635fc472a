import { present, some } from '../lib/present.ts';
import { get, names, type ByName } from '../lib/record.ts';
import type { NetworkSpec } from '../model/desired.ts';
import { byKey } from './by-key.ts';
import type { DeclaredNetwork } from './declared-networks.ts';
import { networkName } from './engine-names.ts';
import type { MountSources } from './resolve-mounts.ts';
import { textsOf } from './texts-of.ts';

/** The networks that an active service uses. */
export function networkSpecs({ stack, vault }: Pick<MountSources, 'stack' | 'vault'>): ByName<NetworkSpec> {
  const used = Object.values(stack.services).flatMap(({ networks }) => names(networks ?? {}));
  return byKey(used, (key) => {
    const declared = get(stack.networks ?? {}, key) ?? {};
    const { external = false, driver, internal = false, labels = {} } = declared;
    return present({
      name: networkName(stack, key),
      key,
      external,
      driver,
      driverOptions: some(declared.driver_opts ?? {}),
      internal,
      attachable: declared.attachable,
      ipv4: declared.enable_ipv4,
      ipv6: declared.enable_ipv6,
      ipam: ipamOf(declared),
      labels: textsOf(labels, vault),
      declared: declaredPaths(declared),
    });
  });
}

function ipamOf({ ipam: { driver, config: pools = [], options = {} } = {} }: DeclaredNetwork): NetworkSpec['ipam'] {
  const isSaid = driver !== undefined || pools.length > 0 || Object.keys(options).length > 0;
  return isSaid ? present({ driver, options: some(options), pools }) : undefined;
}

/** What of a network's options stands in the file, by the paths that network-options.ts compares. */
function declaredPaths({ driver, driver_opts = {}, attachable, enable_ipv4, enable_ipv6, ipam = {} }: DeclaredNetwork): string[] {
  const said = { driver, attachable, enable_ipv4, enable_ipv6, 'ipam.driver': ipam.driver };
  const pools = (ipam.config ?? []).flatMap(({ subnet = '', ...rest }) => [
    ...(subnet === '' ? [] : [`ipam.config.${subnet}`]),
    ...names(present(rest)).map((key) => `ipam.config.${subnet}.${key}`),
  ]);
  return [
    ...names(present(said)),
    ...names(driver_opts).map((key) => `driver_opts.${key}`),
    ...names(ipam.options ?? {}).map((key) => `ipam.options.${key}`),
    ...pools,
  ].sort();
}
