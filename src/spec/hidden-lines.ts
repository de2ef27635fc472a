import { isSealed } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';

/** Tells which lines of a stack file may hold a secret, by the names and values in them; such a line is never shown. */
export function hiddenLines(vault: Vault): (line: string) => boolean {
  const known = new Map<string, boolean>();
  return (line) => {
    const answer =
      known.get(line) ?? (isSealed(vault.text('', line)) || assignedNames(line).some((name) => isSealed(vault.text(name, 'x'))));
    known.set(line, answer);
    return answer;
  };
}

/** Names that have a value on this line; the Compose keys that speak of secrets hold none themselves. */
function assignedNames(line: string): string[] {
  const found = [...line.matchAll(/([\w.-]+)["']?\s*[:=]\s*(?=\S)/g)].map(([, name = '']) => name);
  return found.filter((name) => !['secrets', 'secret'].includes(name));
}
