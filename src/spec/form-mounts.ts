import { labels, listOf, mapOf } from './form-collections.ts';
import { dataOptions } from './form-data.ts';
import { flag, hidden, size, text, wholeNumber, type Form } from './form-values.ts';
import { child, scalarNode, silenced, textOf } from './node.ts';

/** Permission bits as a number; the reference takes no text here. */
const bits: Form = (node, scope) => {
  if (node.kind === 'scalar' && typeof node.value === 'number') return wholeNumber({ from: 0, to: 0xffff_ffff })(node, scope);
  const message = `"${textOf(node)}" is not a file mode`;
  scope.report({ code: 'bad-number', message, mark: node.mark, hint: 'a number without quotes, such as 0o1777' });
  return undefined;
};

const options = mapOf({
  type: text,
  source: text,
  target: text,
  read_only: flag,
  consistency: text,
  bind: mapOf({ selinux: text, propagation: text, create_host_path: flag, recursive: text }),
  volume: mapOf({ labels, nocopy: flag, subpath: text }),
  tmpfs: mapOf({ size, mode: bits }),
  image: mapOf({ subpath: text }),
  'x-stack': hidden(dataOptions),
});

/** Mounts. Reports one without a target. */
export const mounts: Form = listOf((node, scope) => {
  // A short form that could not be read is reported already
  if (node.kind !== 'map') return undefined;
  if (textOf(child(node, 'target')) !== '') return options(node, scope);
  const at = child(node, 'target')?.mark ?? node.mark;
  scope.report({ code: 'bad-volume', message: 'the mount has no "target"', mark: at });
  return undefined;
});

const published: Form = (node, scope) => {
  if (node.kind !== 'scalar' || typeof node.value !== 'number' || Number.isInteger(node.value)) return text(node, scope);
  scope.report({ code: 'bad-port', message: `"${node.text}" is not a port`, mark: node.mark });
  return undefined;
};

/** Ports of containers and of the host. */
export const ports: Form = listOf(
  mapOf({
    name: text,
    mode: text,
    host_ip: text,
    target: (node, scope) => {
      const port = wholeNumber({ from: 0, to: 0xffff_ffff })(node, scope);
      return port?.silent ? silenced(scalarNode(0, node.mark)) : port;
    },
    published,
    protocol: text,
    app_protocol: text,
  }),
);
