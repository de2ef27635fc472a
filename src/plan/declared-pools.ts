import { present } from '../lib/present.ts';
import type { AddressPool } from '../model/desired.ts';
import type { SeenNetwork } from '../model/observed.ts';

/** What may be said of a pool beside its subnet. */
export const poolKeys = ['ip_range', 'gateway', 'aux_addresses'] as const;

export const poolPath = ({ subnet = '' }: AddressPool): string => `ipam.config.${subnet}`;

/**
 * The address pools of a network that some file declared, with what it said of them. Its label tells; without one, engines write down
 * the gateway of every pool that they chose themselves, and never part it (20.10 and 28).
 */
export function declaredPools({ ipam, declared }: SeenNetwork): AddressPool[] {
  const pools = (ipam?.pools ?? []).map(withoutEmpty);
  if (!declared) return pools.filter(({ gateway, ip_range, aux_addresses }) => !gateway || ip_range || aux_addresses);
  return pools
    .filter((pool) => declared.includes(poolPath(pool)))
    .map((pool) => {
      const isSaid = (key: string): boolean => key === 'subnet' || declared.includes(`${poolPath(pool)}.${key}`);
      return Object.fromEntries(Object.entries(pool).filter(([key]) => isSaid(key)));
    });
}

const withoutEmpty = ({ subnet, ip_range, gateway, aux_addresses = {} }: AddressPool): AddressPool =>
  present({
    subnet: subnet || undefined,
    ip_range: ip_range || undefined,
    gateway: gateway || undefined,
    aux_addresses: Object.keys(aux_addresses).length > 0 ? aux_addresses : undefined,
  });
