import { mapValues } from '../lib/record.ts';
import type { Ipam, NetworkSpec, VolumeSpec } from '../model/desired.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Owner } from '../platform/engine.ts';
import { ask, type Link } from './docker-ask.ts';
import { doing, unlessGone } from './docker-container.ts';
import { endHelpersOf } from './docker-helpers-left.ts';
import { labelNames, networkLabels, volumeLabels } from './docker-labels.ts';

/** Docker 20.10 makes a second network of the same name unless asked to check. */
export const createNetwork = (
  { docker, vault }: Link,
  { network, owner }: { readonly network: NetworkSpec; readonly owner: Owner },
  signal: AbortSignal,
): Promise<void> =>
  doing(`create network ${network.name}`, signal, (until) =>
    docker(until).createNetwork({
      Name: network.name,
      CheckDuplicate: true,
      Internal: network.internal,
      ...(network.attachable !== undefined && { Attachable: network.attachable }),
      ...(network.ipv4 !== undefined && { EnableIPv4: network.ipv4 }),
      ...(network.ipv6 !== undefined && { EnableIPv6: network.ipv6 }),
      ...(network.driverOptions && { Options: { ...network.driverOptions } }),
      ...(network.ipam && { IPAM: ipamOf(network.ipam) }),
      ...(network.driver !== undefined && { Driver: network.driver }),
      Labels: { ...networkLabels(network, owner, vault) },
    }),
  );

const ipamOf = ({ driver = 'default', options, pools }: Ipam) => ({
  Driver: driver,
  ...(options && { Options: { ...options } }),
  Config: pools.map(({ subnet, ip_range, gateway, aux_addresses }) => ({
    ...(subnet && { Subnet: subnet }),
    ...(ip_range && { IPRange: ip_range }),
    ...(gateway && { Gateway: gateway }),
    ...(aux_addresses && { AuxiliaryAddresses: { ...aux_addresses } }),
  })),
});

/** Engines give back a volume that is there already, whatever labels and options it was asked for with: so whose it is gets read back. */
export async function createVolume(
  link: Link,
  { volume, owner }: { readonly volume: VolumeSpec; readonly owner: Owner },
  signal: AbortSignal,
): Promise<void> {
  await doing(`create volume ${volume.name}`, signal, (until) =>
    link.docker(until).createVolume({
      Name: volume.name,
      ...(volume.driver !== undefined && { Driver: volume.driver }),
      DriverOpts: { ...mapValues(volume.driverOptions, link.vault.open) },
      Labels: { ...volumeLabels(volume, owner, link.vault) },
    }),
  );
  const made = await ask.volume(link, volume.name, signal);
  if (made?.textMap('Labels')[labelNames.run] !== owner.run)
    throw new EngineError('conflict', `A volume named ${volume.name} is there already`);
}

/** A helper that a dead run left on it does not keep it. */
export async function removeVolume(link: Pick<Link, 'docker'>, name: string, signal: AbortSignal): Promise<void> {
  const remove = (): Promise<void> =>
    unlessGone(doing(`remove volume ${name}`, signal, (until) => link.docker(until).getVolume(name).remove()));
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'conflict' || !(await endHelpersOf(link, name, signal))) throw error;
    await remove();
  }
}
