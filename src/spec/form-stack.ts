import { labels, listOf, mapOf, mapOfAll, options, strictOptions, texts } from './form-collections.ts';
import { volumeOptions } from './form-backup.ts';
import { contentKey } from './file-values.ts';
import { stackOptions } from './form-options.ts';
import { service } from './form-service.ts';
import { flag, hidden, integer, kept, text, type Form, type Scope } from './form-values.ts';
import { mapNode, type MapNode } from './node.ts';

const pool = mapOf({ subnet: text, gateway: text, ip_range: text, aux_addresses: labels });

const networkOptions = mapOf({
  name: text,
  driver: text,
  driver_opts: options,
  // The reference reads the options without a word, and leaves them out
  ipam: mapOf({ driver: text, config: listOf(pool), options: hidden(strictOptions) }),
  external: flag,
  internal: flag,
  attachable: flag,
  labels,
  enable_ipv4: kept(flag),
  enable_ipv6: kept(flag),
});

const network: Form = (node, scope) => {
  const formed = networkOptions(node, scope);
  if (formed?.kind !== 'map' || formed.entries.has('ipam')) return formed;
  return { ...formed, entries: new Map(formed.entries).set('ipam', { key: node.mark, node: mapNode({}, node.mark) }) };
};

const volume = mapOf({
  name: text,
  driver: text,
  driver_opts: options,
  external: flag,
  labels,
  'x-stack': hidden(volumeOptions),
});

const file = mapOf({
  name: text,
  file: text,
  environment: text,
  content: text,
  external: flag,
  labels,
  driver: text,
  driver_opts: strictOptions,
  template_driver: text,
  [contentKey]: hidden(text),
});

/** The whole stack with every value in its form. Reports values that mean nothing. */
export const stackForm = (root: MapNode, scope: Scope): MapNode => stack(root, scope) as MapNode;

const stack = mapOf({
  name: text,
  services: mapOfAll(service),
  networks: mapOfAll(network),
  volumes: mapOfAll(volume),
  secrets: mapOfAll(file),
  configs: mapOfAll(file),
  models: mapOfAll(mapOf({ name: text, model: text, context_size: integer, runtime_flags: texts })),
  'x-stack': hidden(stackOptions),
});
