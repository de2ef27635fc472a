import { glob } from '../lib/glob.ts';
import { keyedHash } from '../lib/hash.ts';
import { isSealed, type Sealed, type Text } from './text.ts';

/** Holds the sensitive values of one run in memory, and decides which values are sensitive. */
export interface Vault {
  /** Random, hex; kept with a saved plan so that values read again can be told to be the same. */
  readonly key: string;
  /** The text, sealed if its name or its content says that it is sensitive. */
  text(name: string, value: string): Text;
  /** Whether a value of that name never reaches output. */
  hides(name: string): boolean;
  /** The names that are sensitive here beside those that always are, with `*` as wildcard. */
  readonly alsoSensitive: readonly string[];
  /** From now on values of these names are sensitive as well. */
  hide(names: readonly string[]): void;
  /** Always sealed: contents of secrets, configs from the environment. */
  seal(value: string): Sealed;
  /** The value itself. Throws for a seal that this vault never saw: that is a bug. */
  open(text: Text): string;
  /** The seal of a value of this run that passes the test; undefined if none does. */
  find(isIt: (value: string) => boolean): string | undefined;
  /** A text from outside, such as a line of a log, with every sensitive value of this run masked, and the password of every URL. */
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
  const passwords = new Set<string>();
  const names = knownNames([...sensitiveNames, ...alsoSensitive]);
  const put = (value: string, shown: string): Sealed => {
    const sealed = keyedHash(key, value);
    values.set(sealed, value);
    return { sealed, shown };
  };
  return {
    key,
    hides: names.have,
    alsoSensitive,
    hide: names.add,
    seal: (value) => put(value, '(sensitive)'),
    text(name, value) {
      if (value !== '' && names.have(name)) return put(value, '(sensitive)');
      const shown = value.replace(urlPassword, '$1(sensitive)$3');
      for (const [, , password = ''] of value.matchAll(urlPassword)) passwords.add(password);
      return shown === value ? value : put(value, shown);
    },
    open(text) {
      if (!isSealed(text)) return text;
      const value = values.get(text.sealed);
      if (value === undefined) throw new Error('A sealed value was opened that this run never read');
      return value;
    },
    mask: (text) => {
      // A file ends its line, a program that prints what it says does not
      const hidden = [...[...values.values()].map((value) => value.trim()), ...passwords].filter(({ length }) => length >= shortestMasked);
      // One may be a part of another: the longest first, or the rest of it would stay
      const masked = hidden
        .sort((one, other) => other.length - one.length)
        .reduce((now, value) => now.replaceAll(value, '(sensitive)'), text);
      return masked.replace(urlPassword, '$1(sensitive)$3');
    },
    find: (isIt) => [...values].find(([, value]) => isIt(value))?.[0],
    knows: ({ sealed }) => values.has(sealed),
  };
}

type Test = (name: string) => boolean;

/** Names by patterns. The same ones come again for every container, so what was found of each is kept. */
function knownNames(patterns: readonly string[]): { have(name: string): boolean; add(patterns: readonly string[]): void } {
  let tests = patterns.map(nameTest);
  const known = new Map<string, boolean>();
  return {
    have(name) {
      const before = known.get(name);
      if (before !== undefined) return before;
      const now = tests.some((test) => test(name));
      known.set(name, now);
      return now;
    },
    add(more) {
      tests = [...tests, ...more.map(nameTest)];
      known.clear();
    },
  };
}

/** Names mean the same in upper and lower case. */
function nameTest(pattern: string): Test {
  const test = glob(pattern.toUpperCase());
  return (name) => test(name.toUpperCase());
}
