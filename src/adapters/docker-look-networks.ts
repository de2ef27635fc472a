import { fromEntries, get, mapValues, type ByName } from '../lib/record.ts';
import type { AddressPool } from '../model/desired.ts';
import type { SeenNetwork, SeenVolume } from '../model/observed.ts';
import type { LookQuery } from '../platform/engine.ts';
import type { Answer } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { declaredFrom, labelNames } from './docker-labels.ts';

type Entry<T> = readonly [string, T];

/** The stack's networks, and the named ones whoever made them. */
export async function findNetworks(link: Link, { stack, networks }: LookQuery, signal: AbortSignal): Promise<ByName<SeenNetwork>> {
  const [own, named] = await Promise.all([
    ask.networks(link, ofStack(stack), signal),
    networks.length > 0 ? ask.networks(link, { name: [...networks] }, signal) : [],
  ]);
  // The name filter also finds names that only contain the text
  return fromEntries([...named.filter((row) => networks.includes(row.mustText('Name'))), ...own].map((row) => networkEntry(row, link)));
}

/** The stack's volumes, and the named ones whoever made them. */
export async function findVolumes(link: Link, { stack, volumes }: LookQuery, signal: AbortSignal): Promise<ByName<SeenVolume>> {
  const [own, named] = await Promise.all([
    ask.volumes(link, ofStack(stack), signal),
    volumes.length > 0 ? ask.volumes(link, { name: [...volumes] }, signal) : [],
  ]);
  return fromEntries([...named.filter((row) => volumes.includes(row.mustText('Name'))), ...own].map((row) => volumeEntry(row, link)));
}

export async function oneNetwork(link: Link, name: string, signal: AbortSignal): Promise<Entry<SeenNetwork> | undefined> {
  const row = await ask.network(link, name, signal);
  return row?.mustText('Name') === name ? networkEntry(row, link) : undefined;
}

export async function oneVolume(link: Link, name: string, signal: AbortSignal): Promise<Entry<SeenVolume> | undefined> {
  const row = await ask.volume(link, name, signal);
  return row && volumeEntry(row, link);
}

const ofStack = (stack: string): Record<string, string[]> => ({ label: [`${labelNames.stack}=${stack}`] });

function networkEntry(row: Answer, { vault }: Link): Entry<SeenNetwork> {
  const texts = row.textMap('Labels');
  const labels = mapValues(texts, (value, label) => vault.text(label, value));
  const name = row.mustText('Name');
  const ipam = row.inside('IPAM');
  const declared = declaredFrom(texts);
  const network: SeenNetwork = {
    id: row.mustText('Id'),
    name,
    driver: row.text('Driver'),
    internal: row.flag('Internal'),
    attachable: row.flag('Attachable'),
    driverOptions: row.textMap('Options'),
    ...(row.has('EnableIPv4') && { ipv4: row.flag('EnableIPv4') }),
    ipv6: row.flag('EnableIPv6'),
    ipam: { driver: ipam.text('Driver'), options: ipam.textMap('Options'), pools: ipam.list('Config').map(poolOf) },
    ...(declared && { declared }),
    labels,
    ...whose(texts),
  };
  return [name, network];
}

const poolOf = (row: Answer): AddressPool => ({
  subnet: row.text('Subnet'),
  ip_range: row.text('IPRange'),
  gateway: row.text('Gateway'),
  aux_addresses: row.textMap('AuxiliaryAddresses'),
});

function volumeEntry(row: Answer, { vault }: Link): Entry<SeenVolume> {
  const texts = row.textMap('Labels');
  const sealed = (value: string, name: string) => vault.text(name, value);
  const [driverOptions, labels] = [mapValues(row.textMap('Options'), sealed), mapValues(texts, sealed)];
  const name = row.mustText('Name');
  return [name, { name, driver: row.mustText('Driver'), driverOptions, labels, ...whose(texts) }];
}

function whose(labels: ByName<string>): { stack?: string; run?: string } {
  const stack = get(labels, labelNames.stack);
  const run = get(labels, labelNames.run);
  return { ...(stack !== undefined && { stack }), ...(run !== undefined && { run }) };
}
