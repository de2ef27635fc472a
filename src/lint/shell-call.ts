import type { Word } from './shell-script.ts';

/** A shell that is told its script in an argument. */
export interface ShellCall {
  readonly script: string;
  readonly errexit: boolean;
  readonly pipefail: boolean;
}

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'busybox']);

/** `sh -c SCRIPT` in its many spellings ("-ec", "-o pipefail -c", "busybox sh -c"); undefined if it is none, or not understood. */
export function shellCall(words: readonly Word[]): ShellCall | undefined {
  const [first, ...rest] = words;
  if (!first || !shells.has(nameOf(first))) return undefined;
  if (nameOf(first) === 'busybox') return shellCall(rest);
  let options = '';
  for (let at = 0; at < rest.length; at++) {
    const { text, mayFail } = rest[at] ?? { text: '', mayFail: true };
    if (!text.startsWith('-') || text.startsWith('--')) return undefined;
    options += text;
    if (/^-\w*o$/.test(text)) options += ` ${rest[++at]?.text ?? ''} `;
    if (!/^-\w*c\w*$/.test(text) || mayFail) continue;
    const script = rest[at + 1];
    if (!script) return undefined;
    return { script: script.text, errexit: /-\w*e|errexit/.test(options), pipefail: options.includes('pipefail') };
  }
  return undefined;
}

/** The name of a program, without its folder. */
export const nameOf = ({ text }: Word): string => text.slice(text.lastIndexOf('/') + 1);
