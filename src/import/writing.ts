import { fromEntries, type ByName } from '../lib/record.ts';
import { isSealed, type Text } from '../model/text.ts';
import type { Writing } from './imported.ts';

/** Writes texts, and keeps the sensitive ones apart as variables. */
export function createWriting(): Writing & { variables(): ByName<Text> } {
  const variables = new Map<string, Text>();
  const freeName = (where: readonly string[], text: Text): string => {
    const base = where
      .join('_')
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, '_');
    for (let i = 1; ; i++) {
      const name = i === 1 ? base : `${base}_${i}`;
      const taken = variables.get(name);
      if (taken === undefined || sameSeal(taken, text)) return name;
    }
  };
  return {
    text(where, text) {
      if (!isSealed(text)) return plain(text);
      const name = freeName(where, text);
      variables.set(name, text);
      return `\${${name}}`;
    },
    variables: () => fromEntries(variables),
  };
}

const sameSeal = (left: Text, right: Text): boolean => isSealed(left) && isSealed(right) && left.sealed === right.sealed;

/** A text that no variable is put into. */
export const plain = (text: string): string => text.replaceAll('$', '$$$$');
