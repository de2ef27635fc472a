import { Document, parse, Scalar, visit } from 'yaml';

/**
 * Data as go-yaml 3 writes it, which Docker Compose prints with: in double quotes what a reader would take for something else than text
 * (YAML 1.1 counts too, where a bare "yes" is true), in single quotes what has to be quoted besides.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && isTakenForOther(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}

const isTakenForOther = (text: string): boolean =>
  text === '' || (/^[-+.\w:~=<]+$/.test(text) && typeof parse(text, { version: '1.1' }) !== 'string');
