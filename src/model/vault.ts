import { keyedHash } from '../lib/hash.ts';
import { isSealed, type Sealed, type Text } from './text.ts';

/** Holds the sensitive values of one run in memory, and decides which values are sensitive. */
export interface Vault {
  /** Random, hex; kept with a saved plan so that values read again can be told to be the same. */
  readonly key: string;
  /** The text, sealed if its name or its content says that it is sensitive. */
  text(name: string, value: string): Text;
  /** Always sealed: contents of secrets, configs from the environment. */
  seal(value: string): Sealed;
  /** The value itself. Throws for a seal that this vault never saw: that is a bug. */
  open(text: Text): string;
  /** A text from outside, such as a line of a log, with every sensitive value of this run masked. */
  mask(text: string): string;
  /** Whether this vault knows the value of a seal (of a saved plan). */
  knows(sealed: Sealed): boolean;
}

/** Names whose values never reach output; `*` stands for any text (design, section 5). */
const sensitiveNames = ['*PASSWORD*', '*PASSWD*', '*SECRET*', '*TOKEN*', '*CREDENTIAL*', '*PRIVATE*', '*_KEY', '*APIKEY*'];

/** Shorter values occur by chance: masking them would make every log unreadable and tell the value all the same. */
const shortestMasked = 4;

const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*:)([^\s/?#@]+)(@)/gi;

/** A vault under the given key; `alsoSensitive` are the names of `x-stack.sensitive`, with `*` as wildcard. */
export function createVault(key: string, alsoSensitive: readonly string[] = []): Vault {
  const values = new Map<string, string>();
  const patterns = [...sensitiveNames, ...alsoSensitive];
  const put = (value: string, shown: string): Sealed => {
    const sealed = keyedHash(key, value);
    values.set(sealed, value);
    return { sealed, shown };
  };
  return {
    key,
    seal: (value) => put(value, '(sensitive)'),
    text(name, value) {
      if (value !== '' && patterns.some((pattern) => matches(pattern, name))) return put(value, '(sensitive)');
      const shown = value.replace(urlPassword, '$1(sensitive)$3');
      return shown === value ? value : put(value, shown);
    },
    open(text) {
      if (!isSealed(text)) return text;
      const value = values.get(text.sealed);
      if (value === undefined) throw new Error('A sealed value was opened that this run never read');
      return value;
    },
    mask: (text) =>
      [...values.values()].reduce(
        (masked, value) => (value.length < shortestMasked ? masked : masked.replaceAll(value, '(sensitive)')),
        text,
      ),
    knows: ({ sealed }) => values.has(sealed),
  };
}

/** Globs, never regular expressions of a user (design, section 12): linear time, case-insensitive. */
function matches(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.toUpperCase().split('*');
  let text = name.toUpperCase();
  if (rest.length === 0) return text === head;
  if (!text.startsWith(head)) return false;
  text = text.slice(head.length);
  const tail = rest.pop() ?? '';
  for (const part of rest) {
    const found = text.indexOf(part);
    if (found < 0) return false;
    text = text.slice(found + part.length);
  }
  return text.endsWith(tail);
}
