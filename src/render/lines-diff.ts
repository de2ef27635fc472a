import { diffLines } from 'diff';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

const context = 3;

interface Line {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** What differs between two texts of several lines, line by line with a few equal ones around; of an absent side all lines. */
export function linesDiff(have: string | undefined, want: string | undefined, style: Style): string[] {
  const endsOpen = (text: string | undefined): boolean => text !== undefined && !text.endsWith('\n');
  const marksEnd = have !== undefined && want !== undefined && endsOpen(have) !== endsOpen(want);
  const lines = diffLines(have ?? '', want ?? '').flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' ';
    const parts = value.replace(/\n$/, '').split('\n').map(visible);
    const open = marksEnd && !value.endsWith('\n');
    return parts.map((text, i): Line => ({ sign, text: open && i === parts.length - 1 ? `${text}  (no line break at the end)` : text }));
  });
  return nearChanges(lines).map(({ sign, text }) => painted(`${sign} ${text}`.trimEnd(), sign, style));
}

/** Long stretches without a change are left out. */
function nearChanges(lines: readonly Line[]): Line[] {
  const isNear = lines.map((_, i) => lines.slice(Math.max(0, i - context), i + context + 1).some(({ sign }) => sign !== ' '));
  return lines.flatMap((line, i) => {
    if (isNear[i]) return [line];
    return i === 0 || isNear[i - 1] ? [{ sign: ' ', text: '…' } as const] : [];
  });
}

function painted(text: string, sign: Line['sign'], style: Style): string {
  if (sign === ' ') return style.dim(text);
  return sign === '+' ? style.green(text) : style.red(text);
}
