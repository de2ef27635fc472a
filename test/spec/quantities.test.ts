import { describe, expect, it } from 'vitest';
import { parseBytes } from '../../src/lib/bytes.ts';
import { durationText, parseDuration } from '../../src/lib/duration.ts';
import { nearest } from '../../src/lib/nearest.ts';
import { resolvePath } from '../../src/lib/posix-path.ts';
import { shellWords } from '../../src/lib/shell-words.ts';

describe('durations', () => {
  it.each([
    ['10s', 10_000, '10s'],
    ['1m30s', 90_000, '1m30s'],
    ['1h5m30s20ms', 3_930_020, '1h5m30.02s'],
    ['90m', 5_400_000, '1h30m0s'],
    ['500ms', 500, '500ms'],
    ['1.5s', 1500, '1.5s'],
    ['0s', 0, '0s'],
    ['0', 0, '0s'],
    ['20us', 0.02, '20µs'],
    ['7ns', 0.000007, '7ns'],
    ['1d', 86_400_000, '24h0m0s'],
  ])('%s is %d ms, printed %s', (text, ms, printed) => {
    expect(parseDuration(text)).toBe(ms);
    expect(durationText(ms)).toBe(printed);
  });

  it.each(['', '10', '1x', '1y', '1.5.5s', '1m30', '-5s', '5 s', 's', `${'9'.repeat(100_000)}x`])('%.20s is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['1024', 1024],
    ['64m', 67_108_864],
    ['1.5g', 1_610_612_736],
    ['2gb', 2_147_483_648],
    ['1GiB', 1_073_741_824],
    ['50M', 52_428_800],
    ['3 kb', 3072],
    ['10b', 10],
  ])('%s is %d bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each(['', '-5m', '1 gb b', 'abc', '5x', 'm'])('"%s" is none', (text) => expect(parseBytes(text)).toBeUndefined());
});

describe('the nearest name', () => {
  it.each([
    ['imag', 'image'],
    ['enviroment', 'environment'],
    ['prots', 'ports'],
    ['Volumes', 'volumes'],
    ['zzz', undefined],
  ])('to %s is %s', (name, expected) => {
    expect(nearest(name, ['image', 'environment', 'ports', 'volumes'])).toBe(expected);
  });
});

describe('words of a command', () => {
  it.each([
    ['echo hello', ['echo', 'hello']],
    ['  a\tb\nc ', ['a', 'b', 'c']],
    [`sh -c "echo 'x y'"`, ['sh', '-c', "echo 'x y'"]],
    [`a 'b "c"' d`, ['a', 'b "c"', 'd']],
    ['echo a\\ b c\\d', ['echo', 'a b', 'cd']],
    [`a "" ''`, ['a', '', '']],
    ['a"b"c', ['abc']],
    ['echo $(date +%s) `x y`', ['echo', '$(date +%s)', '`x y`']],
    ['', []],
  ])('%j', (line, words) => expect(shellWords(line)).toEqual({ words }));

  it.each([
    ['a && b', { words: ['a'], cut: '&& b' }],
    ['a; b', { words: ['a'], cut: '; b' }],
    ['a 2>x', { words: ['a'], cut: '>x' }],
    ['a "x|y" | z', { words: ['a', 'x|y'], cut: '| z' }],
  ])('%j is cut off', (line, expected) => expect(shellWords(line)).toEqual(expected));

  it.each(['a "b', "a 'b", 'a \\', 'a (b)', 'a `b', 'a $(b'])('%j is not closed', (line) => expect(shellWords(line)).toBeUndefined());
});

it('works out paths', () => {
  expect(resolvePath('/a/b', './c/../d/')).toBe('/a/b/d');
  expect(resolvePath('/a', '../../x')).toBe('/x');
  expect(resolvePath('/a', '/x//y/.')).toBe('/x/y');
});
