import type { Report } from './finding.ts';
import { child, isNull, type MapNode, type Node } from './node.ts';
import { isAddress } from './parse-port.ts';
import { rewrite, rulesOf, type Rewrite } from './rules.ts';

type Check = Rewrite<Report>;

const checking =
  (check: (map: MapNode, report: Report) => void): Check =>
  (node, report) => {
    if (node.kind === 'map') check(node, report);
    return node;
  };

const isTrue = (node: Node | undefined): boolean => node?.kind === 'scalar' && /^(?:true|1|t|y|yes|on)$/i.test(node.text);

/** What exists already is not made, so nothing can be said about how. */
const external = checking((map, report) => {
  if (!isTrue(child(map, 'external'))) return;
  const extra = [...map.entries].find(([key]) => !['external', 'name'].includes(key) && !key.startsWith('x-'));
  if (!extra) return;
  const message = `"external" and "${extra[0]}" exclude each other: what exists already is not made`;
  report({ code: 'external-and-more', message, mark: extra[1].key });
});

const oneSource = (keys: readonly string[], others: readonly string[]): Check =>
  checking((files, report) => {
    const hint = `exactly one of: ${keys.join(', ')}`;
    for (const [name, { key, node }] of files.entries) {
      if (node.kind !== 'map') continue;
      const said = keys.filter((each) => node.entries.has(each));
      const second = node.entries.get(said[1] ?? '');
      if (second) report({ code: 'one-source', message: `"${name}" takes its content from ${said.join(' and ')}`, mark: second.key, hint });
      if (said.length > 0 || others.some((each) => node.entries.has(each))) continue;
      report({ code: 'one-source', message: `"${name}" does not say where its content comes from`, mark: key, hint });
    }
  });

const address = checking((map, report) => {
  const ip = child(map, 'host_ip');
  if (ip?.kind === 'scalar' && !isAddress(ip.text)) {
    report({ code: 'bad-port', message: `"${ip.text}" is not an address`, mark: ip.mark });
  }
});

const watchPath: Check = (node, report) => {
  if (node.kind === 'scalar' && node.text === '') report({ code: 'wrong-type', message: '"path" is empty', mark: node.mark });
  return node;
};

const deviceRequest = checking((map, report) => {
  const count = map.entries.get('count');
  if (count && map.entries.has('device_ids')) {
    report({ code: 'count-and-device-ids', message: '"count" and "device_ids" exclude each other', mark: count.key });
  }
});

const target = checking((map, report) => {
  const port = child(map, 'target');
  if (!port || isNull(port)) report({ code: 'bad-port', message: 'the port has no "target"', mark: map.mark });
});

const rules = rulesOf<Check>({
  'volumes.*': external,
  configs: oneSource(['file', 'environment', 'content'], ['external', 'driver']),
  secrets: oneSource(['file', 'environment'], ['external']),
  'services.*.ports.*': (node, report) => target(address(node, report) ?? node, report),
  'services.*.develop.watch.*.path': watchPath,
  'services.*.deploy.resources.reservations.devices.*': deviceRequest,
  'services.*.gpus.*': deviceRequest,
});

/** Reports what the schema cannot say: `external-and-more`, `one-source`, `bad-port`, and counts beside names of devices. */
export function checkValues(root: MapNode, report: Report): void {
  rewrite(root, rules, report);
}
