import { describe, expect, it } from 'vitest';
import { parseFileMode, withMode } from '../../src/lib/file-mode.ts';

const changed = (text: string, mode: number, isFolder = false): string => {
  const parsed = parseFileMode(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return withMode(parsed.value, mode, isFolder).toString(8);
};

describe('a mode is what GNU chmod makes of it', () => {
  it.each([
    ['0750', 0o644, false, '750'],
    ['750', 0o4644, false, '750'],
    ['750', 0o2755, true, '2750'],
    ['00750', 0o2755, true, '750'],
    ['u=rwX,g=rX,o=', 0o644, false, '640'],
    ['u=rwX,g=rX,o=', 0o755, false, '750'],
    ['u=rwX,g=rX,o=', 0o600, true, '750'],
    ['a+X', 0o100, false, '111'],
    ['a+X', 0o644, false, '644'],
    ['g=u', 0o640, false, '660'],
    ['go-rwx', 0o4755, false, '4700'],
    ['u+s,g+s,o+t', 0o755, true, '7755'],
    ['a=', 0o6755, true, '6000'],
    ['a=', 0o6755, false, '0'],
    ['u=rw,u+x', 0o444, false, '744'],
  ])('%s of %o', (text, mode, isFolder, after) => expect(changed(text, mode, isFolder)).toBe(after));
});

it.each(['', '+w', 'u', '8', '77777', '1234567', 'u=rwz', 'u+r g+r'])('"%s" is none', (text) => expect(parseFileMode(text).ok).toBe(false));
