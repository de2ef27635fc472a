import { expect, it } from 'vitest';
import { createStyle, plainStyle } from '../../src/render/style.ts';
import { padded, textWidth } from '../../src/render/text-width.ts';
import { sizeText, shortDuration, tookText } from '../../src/render/quantity-text.ts';
import { wantsColor } from '../../src/render/wants-color.ts';

it.each([
  ['a terminal', {}, true, true],
  ['no terminal', {}, false, false],
  ['a dumb terminal', { TERM: 'dumb' }, true, false],
  ['NO_COLOR', { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR counts as absent', { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0 on a terminal', { FORCE_COLOR: '0' }, true, false],
  ['FORCE_COLOR=false on a terminal', { FORCE_COLOR: 'false' }, true, false],
  ['an empty FORCE_COLOR counts as absent', { FORCE_COLOR: '' }, false, false],
  ['NO_COLOR beats FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['FORCE_COLOR beats a dumb terminal', { FORCE_COLOR: '1', TERM: 'dumb' }, true, true],
])('%s: %o, terminal %s -> colour %s', (_name, environment, isTty, color) => {
  expect(wantsColor({ environment, isTty })).toBe(color);
});

it('colours each line by itself, and nothing without colour', () => {
  expect(createStyle({ color: true }).red('a\n\nb')).toBe('\u001b[31ma\u001b[39m\n\n\u001b[31mb\u001b[39m');
  expect(createStyle({ color: true }).bold('')).toBe('');
  expect(plainStyle.red('a')).toBe('a');
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [64 * 2 ** 20, '64 MiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [64 * 2 ** 20 + 1, '67108865 B'],
  [1000 * 2 ** 20, '1000 MiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

it.each([
  [0, '0s'],
  [500, '500ms'],
  [30_000, '30s'],
  [600_000, '10m'],
  [90_000, '1m30s'],
  [3_600_000, '1h'],
  [3_605_000, '1h0m5s'],
])('%d ms are declared as %s', (ms, text) => {
  expect(shortDuration(ms)).toBe(text);
});

it.each([
  [0, '0 ms'],
  [94, '94 ms'],
  [99, '0.1 s'],
  [1_250, '1.3 s'],
  [9_949, '9.9 s'],
  [9_951, '10 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [119_700, '2 min'],
  [125_000, '2 min 5 s'],
])('%d ms took %s', (ms, text) => {
  expect(tookText(ms)).toBe(text);
});

it('knows how wide a text is', () => {
  expect(['abc', 'имя', '中文', 'e\u0301', '🚀'].map(textWidth)).toEqual([3, 3, 4, 1, 2]);
  expect(padded('中', 4)).toBe('中  ');
});
