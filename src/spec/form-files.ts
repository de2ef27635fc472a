import { mapOf } from './form-collections.ts';
import { text, type Form } from './form-values.ts';
import { scalarNode, textOf } from './node.ts';

/** Permission bits as octal digits, as Go prints them. */
const mode: Form = (node, { report }) => {
  const number = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
  const bits = number ?? (/^[0-7]+$/.test(textOf(node)) ? Number.parseInt(textOf(node), 8) : NaN);
  if (Number.isInteger(bits) && bits >= 0) return scalarNode(`0${bits.toString(8)}`, node.mark);
  report({ code: 'bad-number', message: `"${textOf(node)}" is not a file mode`, mark: node.mark, hint: 'such as 0o440' });
  return undefined;
};

/** How a service is given a secret or config. */
export const fileUse: Form = mapOf({ source: text, target: text, uid: text, gid: text, mode });
