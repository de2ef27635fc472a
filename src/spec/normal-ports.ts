import { child, listNode, mapNode, scalarNode, type Node } from './node.ts';
import { normaliseEntries, textOf, type Normalise, type Scope } from './normal-values.ts';
import { isAddress, isProtocol, parsePort, parseRange } from './parse-port.ts';

/** Of one file. */
const maxPorts = 65_536;

/** Ports in their long form. Reports `bad-port`. */
export const ports: Normalise = (node, scope) =>
  node.kind === 'list' ? { ...node, items: node.items.flatMap((item) => portsOf(item, scope)) } : listNode([], node.mark);

function portsOf(item: Node, scope: Scope): readonly Node[] {
  if (item.kind === 'map') return longPort(item, scope);
  const parsed = parsePort(textOf(item));
  if (!parsed.ok) {
    scope.report({
      code: 'bad-port',
      message: parsed.error,
      mark: item.mark,
      hint: 'such as "8080:80", "127.0.0.1:8080:80" or "53:53/udp"',
    });
    return [];
  }
  const before = scope.written.ports;
  scope.written.ports += parsed.value.length;
  if (scope.written.ports > maxPorts) {
    const message = `more than ${maxPorts} ports in one file`;
    if (before <= maxPorts) scope.report({ code: 'too-many-ports', message, mark: item.mark });
    return [];
  }
  return parsed.value.map(({ target, published, protocol, host_ip }) => {
    const scalar = (value: string | number | undefined) => (value === undefined ? undefined : scalarNode(value, item.mark));
    return mapNode(
      {
        mode: scalar('ingress'),
        host_ip: scalar(host_ip),
        target: scalar(target),
        published: scalar(published),
        protocol: scalar(protocol),
      },
      item.mark,
    );
  });
}

function longPort(item: Node, { report }: Scope): readonly Node[] {
  if (item.kind !== 'map') return [];
  const wrong = (key: string, message: string) => {
    report({ code: 'bad-port', message, mark: child(item, key)?.mark ?? item.mark });
    return [];
  };
  const target = textOf(child(item, 'target'));
  const published = textOf(child(item, 'published'));
  const address = textOf(child(item, 'host_ip'));
  const protocol = textOf(child(item, 'protocol')) || 'tcp';
  if (target === '') return wrong('target', 'the port has no "target"');
  if (!/^\d+$/.test(target) || !parseRange(target).ok) return wrong('target', `"${target}" is not a port of the container`);
  if (published !== '' && !parseRange(published).ok)
    return wrong('published', `"${published}" is not a port of the host, nor a range of them`);
  if (address !== '' && !isAddress(address)) return wrong('host_ip', `"${address}" is not an address`);
  if (!isProtocol(protocol)) return wrong('protocol', `"${protocol}" is not a protocol: tcp, udp or sctp`);
  const known = mapNode({ mode: scalarNode('ingress', item.mark), protocol: scalarNode('tcp', item.mark) }, item.mark);
  const long = normaliseEntries(item, (value, key) => {
    if (key === 'target') return scalarNode(Number(target), value.mark);
    if (textOf(value) === '') return undefined;
    return key === 'published' ? scalarNode(published, value.mark) : value;
  });
  return [{ ...long, entries: new Map([...known.entries, ...long.entries]) }];
}
