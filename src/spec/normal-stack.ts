import { child, isNull, mapNode, scalarNode, type MapNode } from './node.ts';
import { stackOptions } from './normal-options.ts';
import { service } from './normal-service.ts';
import { asText, flag, labels, mapOf, mapOfAll, normaliseEntries, path, textOf, type Normalise, type Scope } from './normal-values.ts';

/** `external: {name: x}` of old files is `external: true` and a name. */
const resource =
  (options: Normalise): Normalise =>
  (node, scope) => {
    const map = isNull(node) ? mapNode({}, node.mark) : node;
    if (map.kind !== 'map') return undefined;
    const external = map.entries.get('external');
    if (external?.node.kind !== 'map') return options(map, scope);
    const name = external.node.entries.get('name');
    const entries = new Map(map.entries).set('external', { key: external.key, node: scalarNode(true, external.node.mark) });
    if (name && entries.has('name')) {
      scope.report({
        code: 'two-names',
        message: '"name" and "external.name" exclude each other',
        mark: name.key,
        hint: 'write "external: true" and "name"',
      });
    } else if (name) entries.set('name', name);
    return options({ ...map, entries }, scope);
  };

const content = mapOf({ file: path });

const volumeOptions = mapOf({ external: flag, labels, driver_opts: mapOfAll(asText) });

/** The device of a local volume that is really a bind mount is a path like any other. */
const volume: Normalise = (node, scope) => {
  const normal = volumeOptions(node, scope);
  const options = child(normal, 'driver_opts');
  if (normal?.kind !== 'map' || options?.kind !== 'map' || textOf(child(normal, 'driver')) !== 'local') return normal;
  if (textOf(child(options, 'o')) !== 'bind') return normal;
  const absolute = normaliseEntries(options, (value, key) => (key === 'device' ? path(value, scope) : value));
  return normaliseEntries(normal, (value, key) => (key === 'driver_opts' ? absolute : value));
};

const sections: { readonly [key: string]: Normalise } = {
  services: mapOfAll(service),
  networks: mapOfAll(resource(mapOf({ external: flag, internal: flag, labels }))),
  volumes: mapOfAll(resource((node, scope) => volume(node, scope))),
  secrets: mapOfAll(content),
  configs: mapOfAll(content),
  'x-stack': stackOptions,
};

/** One checked stack file in its normal form, so that files can be merged value by value. Reports values that mean nothing. */
export function normaliseStack(root: MapNode, scope: Scope): MapNode {
  return normaliseEntries(root, (node, key) => {
    if (key === 'version') {
      const hint = 'remove the line; Compose ignores it too';
      scope.report({
        code: 'obsolete-version',
        severity: 'warning',
        message: '"version" is obsolete',
        mark: root.entries.get(key)?.key,
        hint,
      });
      return undefined;
    }
    if (key === 'name') return textOf(node) === '' ? undefined : node;
    return (sections[key] ?? ((same) => same))(node, scope);
  });
}
