import { present, some } from '../lib/present.ts';
import type { Settings } from '../model/settings.ts';
import { linkOf } from '../model/shares.ts';
import type { Answer } from './docker-answer.ts';
import type { Ownership } from './docker-inspect.ts';

type Links = Pick<Settings, 'links' | 'external_links'>;

/**
 * Links as a file says them. Compose gives each container of a linked service three names, "db", "db-1" and "shop-db-1" (the numbers
 * are those of the container that has the links), and one that is not of the stack only the first.
 */
export function seenLinks(answer: Answer, owner: Ownership): Links {
  const endpoints = answer.inside('NetworkSettings').entries('Networks');
  const onNetworks = endpoints.map(([, row]) => row.texts('Links')).sort((left, right) => right.length - left.length);
  const all = [...(onNetworks[0] ?? []), ...answer.inside('HostConfig').texts('Links').map(plainLink)].map(linkOf);
  const groups = [...new Set(all.map(({ name }) => name))].map((name) => {
    const aliases = all.filter((link) => link.name === name).map(({ alias }) => alias);
    return { name, aliases, service: linkedService(aliases, owner) };
  });
  const links = groups.flatMap(({ service, aliases }) =>
    service === undefined ? [] : declaredAliases(aliases, givenAliases(service, owner)).map((alias) => `${service}:${alias}`),
  );
  const external = groups.flatMap(({ service, name, aliases }) =>
    service === undefined ? aliases.map((alias) => `${name}:${alias}`) : [],
  );
  return present({ links: some([...new Set(links)].sort()), external_links: some([...new Set(external)].sort()) });
}

/** "/shop-db-1:/web/db", as the engine shows links on its own network. */
function plainLink(text: string): string {
  const { name, alias } = linkOf(text);
  return `${name.replace(/^\//, '')}:${alias.split('/').at(-1) ?? alias}`;
}

const givenAliases = (service: string, { stack, number }: Ownership): string[] => [`${service}-${number}`, `${stack}-${service}-${number}`];

function linkedService(aliases: readonly string[], owner: Ownership): string | undefined {
  const [start, end] = [`${owner.stack}-`, `-${owner.number}`];
  return aliases
    .filter((alias) => alias.startsWith(start) && alias.endsWith(end))
    .map((alias) => alias.slice(start.length, -end.length))
    .find((service) => givenAliases(service, owner).every((given) => aliases.includes(given)));
}

/** One name of each three is declared; the engine's own network keeps each name once. */
function declaredAliases(aliases: readonly string[], given: readonly string[]): readonly string[] {
  const times = Math.max(1, Math.floor(aliases.length / 3));
  const left = [...aliases];
  for (const name of given) {
    for (let i = 0; i < times && left.includes(name); i++) left.splice(left.indexOf(name), 1);
  }
  return left.length > 0 ? left : given.slice(0, 1);
}
