import { parseFileMode } from '../lib/file-mode.ts';
import { listOf, mapOf } from './form-collections.ts';
import { kept, natural, type Form } from './form-values.ts';
import { scalarNode, textOf } from './node.ts';

/** Largest id that Linux gives out; the next one means "leave it". */
const lastId = 0xffff_fffe;

const owner: Form = (node, { report }) => {
  const text = textOf(node);
  const parts = text.split(':');
  const isName = (part: string): boolean => /^[A-Za-z_][A-Za-z0-9_.-]*[$]?$/.test(part);
  const isId = (part: string): boolean => /^\d{1,10}$/.test(part) && Number(part) <= lastId;
  if (parts.length <= 2 && parts.every((part) => isName(part) || isId(part)) && !(parts.length === 2 && parts[0] === 'image-user')) {
    return scalarNode(text, node.mark);
  }
  const hint = '"1000:1000", "1000", "postgres", "postgres:postgres" or image-user';
  report({ code: 'bad-owner', message: `"${text}" is not an owner`, mark: node.mark, hint });
  return undefined;
};

const mode: Form = (node, { report }) => {
  const text = textOf(node);
  // YAML has read 0750 as a number, and whether it was octal cannot be told from every spelling
  if (node.kind === 'scalar' && typeof node.value === 'number') {
    const { source, offset, length } = node.mark;
    const written = source.text.slice(offset, offset + length);
    const message = `"${written}" is a number, which may be octal or not`;
    report({ code: 'bad-mode', message, mark: node.mark, hint: `write it in quotes: "${written}"` });
    return undefined;
  }
  const parsed = parseFileMode(text);
  if (parsed.ok) return scalarNode(text, node.mark);
  report({ code: 'bad-mode', message: parsed.error, mark: node.mark, hint: 'as chmod takes it: "0750", or u=rwX,g=rX,o=' });
  return undefined;
};

const fileInside: Form = (node, { report }) => {
  const text = textOf(node);
  const wrong = whyNoFile(text);
  if (wrong === undefined) return scalarNode(text, node.mark);
  report({
    code: 'bad-file',
    message: `"${text}" ${wrong}`,
    mark: node.mark,
    hint: 'one file, by its path within the volume: storage/state.json',
  });
  return undefined;
};

function whyNoFile(text: string): string | undefined {
  if (text === '') return 'names no file';
  if (text.startsWith('/')) return 'begins with "/": paths start at the root of the volume';
  if (/[*?[\]]/.test(text)) return 'looks like a pattern; only files that are named are removed';
  if (text.endsWith('/')) return 'is a folder; folders are never removed';
  if (text.split('/').some((part) => part === '' || part === '.' || part === '..')) return 'is not a plain path within the volume';
  return undefined;
}

/** What can be said of the files in a volume or folder. */
export const dataForms: { readonly [key: string]: Form } = {
  owner,
  mode,
  depth: kept(natural),
  on_drift: (node) => node,
  remove_before_start: listOf(fileInside),
};

/** `x-stack` of a mount. */
export const dataOptions: Form = mapOf(dataForms);
