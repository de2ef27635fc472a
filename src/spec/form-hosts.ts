import type { Form } from './form-values.ts';
import { listNode, scalarNode, silenced, textOf, type Node } from './node.ts';

/** Lines for /etc/hosts as "host=address", sorted. Reports `bad-extra-host`. */
export const extraHosts: Form = (node, { report }) => {
  const lines = pairsOf(node).flatMap(([host, addresses, { mark }]) => {
    const problem =
      addresses === undefined ? `"${host}" has no address` : /[:=]/.test(host) || host === '' ? `"${host}" is not a host name` : '';
    if (problem === '') return (addresses ?? []).map((address) => scalarNode(`${host}=${address.replace(/^\[(.+)\]$/, '$1')}`, mark));
    const hint = 'such as "db:10.0.0.5" or "host.docker.internal:host-gateway"';
    report({ code: 'bad-extra-host', message: problem, mark, hint });
    return [];
  });
  lines.sort((left, right) => (left.text < right.text ? -1 : left.text > right.text ? 1 : 0));
  return lines.length === 0 ? silenced(listNode([], node.mark)) : listNode(lines, node.mark);
};

type Pair = readonly [host: string, addresses: readonly string[] | undefined, from: Node];

function pairsOf(node: Node): readonly Pair[] {
  if (node.kind === 'list') return node.items.map((item) => pairOf(textOf(item), item));
  if (node.kind !== 'map') return [];
  return [...node.entries].map(([host, { node: value }]) => [
    host,
    value.kind === 'list' ? value.items.map(textOf) : [textOf(value)],
    value,
  ]);
}

function pairOf(line: string, from: Node): Pair {
  const at = line.includes('=') ? line.indexOf('=') : line.indexOf(':');
  return at < 0 ? [line, undefined, from] : [line.slice(0, at), line.slice(at + 1).split(','), from];
}
