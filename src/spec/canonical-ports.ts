import type { Canonise, Canonising } from './canonical.ts';
import { mapNode, scalarNode, type Node } from './node.ts';
import { parsePort } from './parse-port.ts';

/** Of one load; beyond it the ranges are a mistake, or an attack. */
const maxPorts = 65_536;

/** Ports in their long form. Reports `bad-port`. While variables stand in them, one that cannot be read leaves all as they are. */
export const canonicalPorts: Canonise = (node, scope) => {
  if (node.kind !== 'list' || node.items.every((item) => item.kind === 'map')) return node;
  if (scope.raw && node.items.some((item) => item.kind === 'scalar' && !parsePort(item.text).ok)) return node;
  return { ...node, items: node.items.flatMap((item) => (item.kind === 'map' ? [item] : shortPort(item, scope))) };
};

function shortPort(item: Node, { report, written }: Canonising): readonly Node[] {
  const text = item.kind === 'scalar' ? item.text : '';
  const parsed = parsePort(text);
  if (!parsed.ok) {
    report({ code: 'bad-port', message: parsed.error, mark: item.mark, hint: 'such as "8080:80", "127.0.0.1:8080:80" or "53:53/udp"' });
    return [];
  }
  const before = written.ports;
  written.ports += parsed.value.length;
  if (written.ports > maxPorts) {
    if (before <= maxPorts) report({ code: 'too-many-ports', message: `more than ${maxPorts} ports`, mark: item.mark });
    return [];
  }
  const scalar = (value: string | number | undefined) => (value === undefined ? undefined : scalarNode(value, item.mark));
  // In the order of their texts, as the reference has them: 10000 comes before 9999
  const ports = [...parsed.value].sort((left, right) => (`${left.target}/` < `${right.target}/` ? -1 : 1));
  return ports.map(({ target, published, protocol, host_ip }) =>
    mapNode(
      {
        mode: scalar('ingress'),
        host_ip: scalar(host_ip),
        target: scalar(target),
        published: scalar(published),
        protocol: scalar(protocol),
      },
      item.mark,
    ),
  );
}
