import { shownText } from './text.ts';
import type { Vault } from './vault.ts';

/**
 * The command line of somebody else's process as it may be shown and kept: without the values of this stack that are sensitive, and
 * without those behind options and variables whose names are ("--token abc", "PGPASSWORD=abc").
 */
export function shownCommand(command: string, vault: Pick<Vault, 'text' | 'mask'>): string {
  const words = command.split(' ');
  const shown = words.map((word, i) => {
    const before = words[i - 1] ?? '';
    const isValue = before.startsWith('-') && !before.includes('=') && !word.startsWith('-');
    return isValue ? shownText(vault.text(nameIn(before), word)) : withoutValue(word, vault);
  });
  return vault.mask(shown.join(' '));
}

function withoutValue(word: string, vault: Pick<Vault, 'text'>): string {
  const at = word.indexOf('=');
  return at < 0
    ? shownText(vault.text('', word))
    : `${word.slice(0, at)}=${shownText(vault.text(nameIn(word.slice(0, at)), word.slice(at + 1)))}`;
}

/** "--db-password" as a variable would be called: "DB_PASSWORD". */
const nameIn = (option: string): string => option.replace(/^-+/, '').replaceAll('-', '_').toUpperCase();
