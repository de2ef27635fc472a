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
  /** The seal of a value of this run that passes the test; undefined if none does. */
  find(isIt: (value: string) => boolean): string | undefined;
  /** A text from outside, such as a line of a log, with every sensitive value of this run masked. */
  mask(text: string): string;
  /** Whether this vault knows the value of a seal (of a saved plan). */
  knows(sealed: Sealed): boolean;
}

/** Names whose values never reach output; `*` stands for any text (design, section 5). */
const sensitiveNames = ['*PASSWORD*', '*PASSWD*', '*SECRET*', '*TOKEN*', '*CREDENTIAL*', '*PRIVATE*', '*_KEY', '*APIKEY*'];

/** Shorter values occur by chance: masking them would make every log unreadable and tell the value all the same. */
const shortestMasked = 4;

const urlPassword = /([a-z0-9+.-]:\/\/[^\s:/?#@]*:)([^\s/?#@]+)(@)/gi;

/** A vault under the given key; `alsoSensitive` are the names of `x-stack.sensitive`, with `*` as wildcard. */
export function createVault(key: string, alsoSensitive: readonly string[] = []): Vault {
  const values = new Map<string, string>();
  const isSensitive = remembered(anyOf([...sensitiveNames, ...alsoSensitive].map(glob)));
  const put = (value: string, shown: string): Sealed => {
    const sealed = keyedHash(key, value);
    values.set(sealed, value);
    return { sealed, shown };
  };
  return {
    key,
    seal: (value) => put(value, '(sensitive)'),
    text(name, value) {
      if (value !== '' && isSensitive(name)) return put(value, '(sensitive)');
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
    find: (isIt) => [...values].find(([, value]) => isIt(value))?.[0],
    knows: ({ sealed }) => values.has(sealed),
  };
}

type Test = (name: string) => boolean;

const anyOf =
  (tests: readonly Test[]): Test =>
  (name) =>
    tests.some((test) => test(name));

/** The same names come again for every container. */
function remembered(test: Test): Test {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const now = test(name);
    known.set(name, now);
    return now;
  };
}

/** Globs, never regular expressions of a user (design, section 12): linear time, case-insensitive. */
function glob(pattern: string): Test {
  const [head = '', ...rest] = pattern.toUpperCase().split('*');
  const tail = rest.pop();
  if (tail === undefined) return (name) => name.toUpperCase() === head;
  return (name) => {
    const upper = name.toUpperCase();
    if (!upper.startsWith(head)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = upper.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return upper.slice(at).endsWith(tail);
  };
}
