import { expect, it } from 'vitest';
import { sanitize } from '../../src/render/sanitize.ts';
import { quoted, visible } from '../../src/render/visible.ts';

it.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['8-bit colours', '\u009b31mred', 'red'],
  ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
  ['a link, ended by ST', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['a command that never ends keeps its text', 'a\u001b]0;title and more', 'a0;title and more'],
  ['a device control string', '\u001bP1$q\u001b\\x', 'x'],
  ['a clear screen and cursor home', '\u001b[2J\u001b[1;1Hx', 'x'],
  ['a reset', '\u001bcx', 'x'],
  ['each of them', '\u001bca\u001bcb\u001b[1mc\u001b[0md\u001b]0;e\u0007f\u001b]0;g\u0007h', 'abcdfh'],
  ['an escape at the end', 'x\u001b', 'x'],
  ['a carriage return that hides what stood before', 'rm -rf\rls', 'rm -rfls'],
  ['backspaces, bells, null, delete', 'a\b\u0007\0\u007fb', 'ab'],
  ['text direction', 'a\u202eb\u2066c\u200fd', 'abcd'],
  ['zero width', 'a\u200bb\u200dc\ufeffd\u2060', 'abcd'],
  ['tags', 'a\u{e0041}b', 'ab'],
  ['line separators', 'a\u2028b\u2029c', 'abc'],
  ['other scripts stay', 'имя 中文 é 🚀', 'имя 中文 é 🚀'],
])('takes away %s', (_name, text, clean) => {
  expect(sanitize(text)).toBe(clean);
});

it('makes one line, or keeps lines and tabs where asked', () => {
  expect(sanitize('a\r\n\tb\nc')).toBe('a  b c');
  expect(sanitize('a\r\n\tb\nc', 'block')).toBe('a\n\tb\nc');
});

it('takes linear time', () => {
  const started = performance.now();
  for (const evil of ['\u001b]', '\u009d', '\u001b[', '\u001b ', '\u001bP0']) sanitize(evil.repeat(200_000));
  expect(performance.now() - started).toBeLessThan(2000);
});

it('writes out in a value what would not be seen', () => {
  expect(visible('a\u001b[31m\u202e\u{e0041}\u0085é')).toBe('a\\u001b[31m\\u{202e}\\u{e0041}\\u{85}é');
  expect(quoted('say "hi"\n\\')).toBe('"say \\"hi\\"\\n\\\\"');
});
