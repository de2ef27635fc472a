import { parseDuration } from '../lib/duration.ts';
import { nearest } from '../lib/nearest.ts';
import { listOf, mapEntries, mapOf, texts } from './form-collections.ts';
import { duration, kept, text, type Form, type Scope } from './form-values.ts';
import { listNode, textOf, type Node } from './node.ts';
import { isAddress } from './parse-port.ts';

const period = kept(duration);

/** Reasons by rule, checked by the schema. */
const asIs: Form = (node) => node;

/** `x-stack` of a service. */
export const serviceOptions: Form = mapOf({
  lint: asIs,
  timeout: mapOf({ pull: period, stop: period, ready: period }),
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
export const stackOptions: Form = mapOf({
  timeout: period,
  rollback_timeout: period,
  ports: mapOf({ on_conflict: asIs, reclaim: listOf(mapOf({ command: processGlob, user: text, grace: period })) }),
  sensitive: texts,
  lint: asIs,
});

/** A pattern without a word of its own names every process there is. */
function processGlob(node: Node, { report }: Scope): Node | undefined {
  if (/[^*\s]/.test(textOf(node))) return node;
  report({
    code: 'bad-rule',
    message: `the pattern "${textOf(node)}" names every process`,
    mark: node.mark,
    hint: 'write the command line, with "*" where it differs: "python3 -u /app/server.py *"',
  });
  return undefined;
}

function probe(node: Node, { report }: Scope): Node | undefined {
  if (node.kind !== 'map') return undefined;
  if (node.entries.size === 0) {
    report({ code: 'bad-probe', message: '"ready" names no probe', mark: node.mark, hint: 'http, tcp, log or stable' });
    return undefined;
  }
  return mapEntries(node, (value, key) => {
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
