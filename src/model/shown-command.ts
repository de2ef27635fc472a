import type { Vault } from './vault.ts';

/** How options of programs are called beside what variables are called. */
const telling = /pass|secret|token|auth|bearer|credential|private|api-?key/i;
const hidden = '(sensitive)';

/** `-u user:password`, as curl and others have it. */
const login = /( -u |--user[ =])([^\s/:]+:)[^\s/]+/g;
/** `--set=db.password=x` */
const nested = /(=[\w.-]+=)([^\s"'&,}]+)/g;

/** `key=value`, `"key": "value"`, also in the middle of a word, as in a query of a URL or in JSON. */
const pair = /([\w.-]+["']?\s?[:=]\s?["']?)([^\s"'&,}]+)/g;
const schemes = /\b(Bearer|Basic)\s+\S+/gi;
const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi;

/**
 * The command line of somebody else's process as it may be shown and kept: without the values of this stack that are sensitive, and
 * without those behind options and variables whose names say so ("--token abc", "PGPASSWORD=abc"). Rather too little than too much.
 */
export function shownCommand(command: string, vault: Pick<Vault, 'hides' | 'mask'>): string {
  const hides = (name: string): boolean => telling.test(name) || vault.hides(name.replace(/^-+/, '').replaceAll('-', '_'));
  const words = vault
    .mask(command)
    .replace(userInfo, `$1${hidden}@`)
    .replace(schemes, `$1 ${hidden}`)
    .replace(login, `$1$2${hidden}`)
    .replace(nested, (all, name: string) => (hides(name) ? `${name}${hidden}` : all))
    .replace(pair, (all, name: string, value: string) => (hides(name) && !value.startsWith('//') ? `${name}${hidden}` : all))
    .split(' ');
  return words
    .map((word, i) => {
      const before = words[i - 1] ?? '';
      const isValue = before.startsWith('-') && !/[=:]/.test(before) && hides(before);
      return isValue && word !== '' ? hidden : word;
    })
    .join(' ');
}
