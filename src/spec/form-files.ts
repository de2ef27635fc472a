import { mapOf } from './form-collections.ts';
import { text, type Form } from './form-values.ts';
import { child, scalarNode, textOf } from './node.ts';

/** Permission bits as octal digits, as Go prints them. What begins like an octal number and is none, such as 0999, is a mistake. */
const mode: Form = (node, { report }) => {
  const number = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
  const isFloat = node.kind === 'scalar' && node.float === true;
  const bits = isFloat ? NaN : (number ?? (/^[0-7]+$/.test(textOf(node)) ? Number.parseInt(textOf(node), 8) : NaN));
  if (Number.isInteger(bits) && bits >= 0) return scalarNode(`0${bits.toString(8)}`, node.mark);
  report({ code: 'bad-number', message: `"${textOf(node)}" is not a file mode`, mark: node.mark, hint: 'such as 0o440' });
  return undefined;
};

const use = mapOf({ source: text, target: text, uid: text, gid: text, mode });

/** How a service is given a secret or config. Reports one without a name. */
export const fileUse: Form = (node, scope) => {
  if (textOf(child(node, 'source')) !== '') return use(node, scope);
  scope.report({ code: 'missing-key', message: '"source" is missing', mark: node.mark });
  return undefined;
};
