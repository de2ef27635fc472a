import { labels, listOf, mapOf, texts } from './form-collections.ts';
import { duration, integer, kept, natural, number, size, text, type Form } from './form-values.ts';
import { mapNode, scalarNode, textOf } from './node.ts';

/** How many devices; -1 is all. */
const count: Form = (node, scope) => (textOf(node).toLowerCase() === 'all' ? scalarNode(-1, node.mark) : integer(node, scope));

/** What a service asks of devices such as GPUs. */
export const deviceRequest: Form = mapOf({ capabilities: texts, driver: text, count, device_ids: texts, options: labels });

const genericResource = mapOf({ discrete_resource_spec: mapOf({ kind: kept(text), value: kept(integer) }) });

const resource = mapOf({
  cpus: number(32),
  memory: size,
  pids: integer,
  devices: listOf(deviceRequest),
  generic_resources: listOf(genericResource),
});

/** A typing mistake beyond it; one engine runs out of addresses long before. */
const most = 10_000;

export const replicas: Form = (node, scope) => {
  const count = kept(integer)(node, scope);
  const containers = count?.kind === 'scalar' ? Number(count.value) : 0;
  if (containers >= 0 && containers <= most) return count;
  scope.report({ code: 'bad-number', message: `a service cannot have ${containers} containers`, mark: node.mark });
  return undefined;
};

const update = mapOf({
  parallelism: kept(natural),
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: number(32),
  order: text,
});

const sections = mapOf({
  mode: text,
  replicas,
  labels,
  update_config: update,
  rollback_config: update,
  resources: mapOf({ limits: resource, reservations: resource }),
  restart_policy: mapOf({ condition: text, delay: kept(duration), max_attempts: kept(natural), window: kept(duration) }),
  placement: mapOf({ constraints: texts, preferences: listOf(mapOf({ spread: text })), max_replicas_per_node: natural }),
  endpoint_mode: text,
});

/** How many containers, with which resources, and how they are replaced. */
export const deploy: Form = (node, scope) => {
  const formed = sections(node, scope);
  if (formed?.kind !== 'map') return undefined;
  const implied = mapNode({ placement: mapNode({}, node.mark), resources: mapNode({}, node.mark) }, node.mark);
  return { ...formed, entries: new Map([...implied.entries, ...formed.entries]) };
};
