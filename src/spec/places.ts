import type { ByName } from '../lib/record.ts';
import type { Place } from '../model/problem.ts';
import type { Complete } from './complete.ts';
import { networkName } from './engine-names.ts';
import { placeOf } from './mark.ts';
import { bestMark, child, entriesOf, textOf, type Entry, type MapNode, type Node } from './node.ts';

/**
 * Where each value was declared, by its path in the document ("services.web.ports.0") and, where Settings name it otherwise, by that
 * path too ("services.web.ports.8080:80/tcp", "services.web.volumes./data", "services.web.networks.shop_default").
 */
export function placesOf(root: MapNode, stack: Complete, hides: (line: string) => boolean): ByName<Place> {
  const places = new Map<string, Place>();
  const note = (path: string, entry: Entry) => {
    places.set(path, placeOf(bestMark(entry), hides));
  };
  const walk = (path: string, node: Node) => {
    if (node.kind === 'map') for (const [key, entry] of node.entries) visit(`${path}${key}`, entry);
    if (node.kind === 'list') node.items.forEach((item, i) => visit(`${path}${i}`, { key: item.mark, node: item }));
  };
  const visit = (path: string, entry: Entry) => {
    note(path, entry);
    walk(`${path}.`, entry.node);
  };
  walk('', root);
  for (const [name, service] of entriesOf(child(root, 'services'))) {
    for (const [path, entry] of otherNames(service.node, stack)) note(`services.${name}.${path}`, entry);
  }
  return Object.fromEntries(places);
}

/** What Settings call otherwise than the file does. */
function otherNames(service: Node, stack: Complete): [string, Entry][] {
  const items = (key: string) => {
    const list = child(service, key);
    return list?.kind === 'list' ? list.items : [];
  };
  const whole = (node: Node): Entry => ({ key: node.mark, node });
  const found: [string, Entry][] = [
    ...items('ports').map((port): [string, Entry] => [`ports.${portText(port)}`, whole(port)]),
    ...items('volumes').map((mount): [string, Entry] => [`volumes.${textOf(child(mount, 'target'))}`, whole(mount)]),
    ...items('tmpfs').map((mount): [string, Entry] => [`volumes.${textOf(mount).split(':')[0] ?? ''}`, whole(mount)]),
    ...items('external_links').map((link): [string, Entry] => [`external_links.${textOf(link).split(':')[0] ?? ''}`, whole(link)]),
    ...[...entriesOf(child(service, 'networks'))].map(([key, entry]): [string, Entry] => [`networks.${networkName(stack, key)}`, entry]),
  ];
  const resources = child(child(service, 'deploy'), 'resources');
  for (const [key, entry] of entriesOf(child(resources, 'limits'))) found.push([`resources.${key}`, entry]);
  const reservation = entriesOf(child(resources, 'reservations')).get('memory');
  return reservation ? [...found, ['resources.memory_reservation', reservation]] : found;
}

function portText(port: Node): string {
  const field = (key: string) => textOf(child(port, key));
  const address = field('host_ip').includes(':') ? `[${field('host_ip')}]` : field('host_ip');
  const published = [address, field('published')].filter((part) => part !== '').join(':');
  return `${published === '' ? '' : `${published}:`}${field('target')}/${field('protocol')}`;
}
