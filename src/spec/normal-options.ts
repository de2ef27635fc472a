import { parseDuration } from '../lib/duration.ts';
import { nearest } from '../lib/nearest.ts';
import { listNode, scalarNode, type Node } from './node.ts';
import { duration, mapOf, normaliseEntries, textOf, texts, type Normalise, type Scope } from './normal-values.ts';
import { isAddress } from './parse-port.ts';
import { parseTmpfs } from './parse-tmpfs.ts';

/** Lines for /etc/hosts as "host=address". Reports `bad-extra-host`. */
export const extraHosts: Normalise = (node, { report }) => {
  if (node.kind === 'scalar') return undefined;
  const pairs: [host: string, address: string, from: Node][] = [];
  if (node.kind === 'list') for (const item of node.items) pairs.push([...splitHost(textOf(item)), item]);
  else {
    for (const [host, { node: value }] of node.entries) {
      for (const item of value.kind === 'list' ? value.items : [value]) pairs.push([host, textOf(item), item]);
    }
  }
  pairs.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  const lines = pairs.flatMap(([host, addresses, { mark }]) => {
    const bare = addresses.split(',').map((address) => address.replace(/^\[(.*)\]$/, '$1'));
    if (host !== '' && !bare.includes('')) return bare.map((address) => scalarNode(`${host}=${address}`, mark));
    report({
      code: 'bad-extra-host',
      message: `"${host}" has no address`,
      mark,
      hint: 'such as "db:10.0.0.5" or "host.docker.internal:host-gateway"',
    });
    return [];
  });
  return listNode(lines, node.mark);
};

function splitHost(text: string): [string, string] {
  const at = text.includes('=') ? text.indexOf('=') : text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Paths kept in memory, with options. Reports `bad-tmpfs`, and options that a later version will know. */
export const tmpfs: Normalise = (node, scope) => {
  const list = texts(node, scope);
  for (const item of list?.kind === 'list' ? list.items : []) {
    const parsed = parseTmpfs(textOf(item));
    if (!parsed.ok) scope.report({ ...parsed.error, mark: item.mark });
  }
  return list;
};

/** `x-stack` of a service. */
export const serviceOptions: Normalise = mapOf({
  timeout: mapOf({ pull: duration, stop: duration, ready: duration }),
  ready: (node, scope) => {
    const items = node.kind === 'list' ? node.items : [node];
    return listNode(
      items.flatMap((item) => probe(item, scope) ?? []),
      node.mark,
    );
  },
  on_config_change: (node, { report }) => {
    const text = textOf(node);
    if (['recreate', 'restart', 'ignore'].includes(text) || /^signal:[A-Z][A-Z0-9+-]*$/.test(text)) return node;
    const near = nearest(text, ['recreate', 'restart', 'ignore']);
    const hint = near === undefined ? 'recreate, restart, ignore or a signal such as "signal:SIGHUP"' : `did you mean "${near}"?`;
    report({ code: 'unknown-value', message: `"on_config_change" cannot be "${text}"`, mark: node.mark, hint });
    return undefined;
  },
});

/** `x-stack` of the stack. */
export const stackOptions: Normalise = mapOf({ timeout: duration, rollback_timeout: duration });

function probe(node: Node, { report }: Scope): Node | undefined {
  if (node.kind !== 'map') return undefined;
  if (node.entries.size === 0) {
    report({ code: 'bad-probe', message: '"ready" names no probe', mark: node.mark, hint: 'http, tcp, log or stable' });
    return undefined;
  }
  return normaliseEntries(node, (value, key) => {
    const text = textOf(value);
    const problem = probeProblem(key, text);
    if (problem === undefined) return value;
    report({ code: 'bad-probe', message: problem, mark: value.mark });
    return undefined;
  });
}

function probeProblem(key: string, text: string): string | undefined {
  if (key === 'http')
    return /^https?:\/\/[^/\s]+/.test(text) && URL.canParse(text)
      ? undefined
      : `"${text}" is not a URL that begins with http:// or https://`;
  if (key === 'log') return text === '' ? 'an empty text is in every log' : undefined;
  if (key === 'stable') return parseDuration(text) === undefined ? `"${text}" is not a duration` : undefined;
  return tcpOf(text) ? undefined : `"${text}" is neither a port nor host:port`;
}

/** Reads a port, or host:port; the host is the engine's own unless named. */
export function tcpOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([^\]]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port < 1 || port > 65_535 || (bracketed !== undefined && !isAddress(bracketed))) return undefined;
  return { host: bracketed ?? plain ?? '127.0.0.1', port };
}
