import { labels, listOf, mapOf, mapOfAll, options, texts, variables } from './form-collections.ts';
import { fileUse } from './form-files.ts';
import { extraHosts } from './form-hosts.ts';
import { flag, integer, size, text, type Form } from './form-values.ts';
import { isNull, listNode, mapNode, scalarNode, silenced, textOf } from './node.ts';

/** A limit of processes: one number for both, or a soft and a hard one. */
export const ulimits: Form = mapOfAll((node, scope) => {
  if (node.kind === 'map') return mapOf({ soft: integer, hard: integer })(node, scope);
  const limit = integer(node, scope);
  return limit?.silent ? mapNode({ soft: limit, hard: limit }, node.mark) : limit;
});

/** Keys as "id" or "id=path". */
const ssh: Form = (node) => {
  if (node.kind !== 'map') return undefined;
  const keys = [...node.entries].map(([id, { node: path }]) => scalarNode(isNull(path) ? id : `${id}=${textOf(path)}`, path.mark));
  return keys.length === 0 ? silenced(listNode(keys, node.mark)) : listNode(keys, node.mark);
};

/** How an image is built. */
export const build: Form = mapOf({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: texts,
  args: variables,
  provenance: text,
  sbom: text,
  ssh,
  labels,
  cache_from: texts,
  cache_to: texts,
  no_cache: flag,
  additional_contexts: options,
  pull: flag,
  extra_hosts: extraHosts,
  isolation: text,
  network: text,
  target: text,
  secrets: listOf(fileUse),
  shm_size: size,
  tags: texts,
  ulimits,
  platforms: texts,
  privileged: flag,
});
