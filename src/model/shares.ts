import type { Settings } from './settings.ts';

/** Something of another container that a container has too: its network, its processes, its memory, or its volumes. */
export interface Share {
  readonly field: 'network_mode' | 'pid' | 'ipc' | 'volumes_from';
  /** Whose: the first container of a service of the stack, or one of somebody else. */
  readonly of: 'service' | 'container';
  readonly name: string;
  /** "service:db", "container:store" */
  readonly peer: string;
}

/** What a container shares with others, by its settings. */
export function sharesOf({ network_mode, pid, ipc, volumes_from = [] }: Settings): Share[] {
  const namespaces = Object.entries({ network_mode, pid, ipc } as const).flatMap(([field, mode]) => {
    const found = /^(service|container):(.+)$/.exec(mode ?? '');
    return found ? [shareOf(field as Share['field'], found[1] as Share['of'], found[2] ?? '')] : [];
  });
  const volumes = volumes_from.map((text) => {
    const { of, name } = volumesFrom(text);
    return shareOf('volumes_from', of, name);
  });
  return [...namespaces, ...volumes];
}

const shareOf = (field: Share['field'], of: Share['of'], name: string): Share => ({ field, of, name, peer: `${of}:${name}` });

/** One entry of `volumes_from`: "db", "db:ro", "container:store", "container:store:ro". */
export function volumesFrom(text: string): Pick<Share, 'of' | 'name'> & { readonly mode: string } {
  const words = text.split(':');
  const of = words[0] === 'container' && words.length > 1 ? 'container' : 'service';
  const [name = '', mode = ''] = of === 'container' ? words.slice(1) : words;
  return { of, name, mode };
}

/** One entry of `links` ("SERVICE:ALIAS") or `external_links` ("CONTAINER:ALIAS"); without an alias the name is one. */
export function linkOf(text: string): { readonly name: string; readonly alias: string } {
  const [name = '', ...rest] = text.split(':');
  return { name, alias: rest.length > 0 ? rest.join(':') : name };
}
