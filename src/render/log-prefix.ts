import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';
import { padded, textWidth } from './text-width.ts';

const paints = ['cyan', 'yellow', 'green', 'magenta'] as const satisfies readonly (keyof Style)[];

/** Lines of several programs side by side, as people know them from Docker Compose: "web-1  | line", a colour for each name. */
export function logPrefix(all: readonly string[], style: Style): (name: string, line: string) => string {
  const width = Math.max(0, ...all.map((name) => textWidth(sanitize(name)))) + 1;
  return (name, line) => {
    const paint = style[paints[Math.max(0, all.indexOf(name)) % paints.length] ?? 'cyan'];
    return `${paint(`${padded(sanitize(name), width)} | `)}${sanitize(line)}\n`;
  };
}
