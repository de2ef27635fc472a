import { expect, it } from 'vitest';
import { yamlText } from '../../src/commands/yaml-text.ts';

// Each as docker compose config of Docker Compose 2.40.3 prints it
it.each([
  ["'q'", "'''q'''"],
  ["it's", "it's"],
  ["it's: x", "'it''s: x'"],
  ['"a"', `'"a"'`],
  [`"a' b`, `'"a'' b'`],
  ['a: b', `'a: b'`],
  ['x:', `'x:'`],
  ['-', `'-'`],
  ['---', `'---'`],
  ['--- a', `'--- a'`],
  ['...a', `'...a'`],
  ['a\tb', '"a\\tb"'],
  ["x'y\tz", `"x'y\\tz"`],
  ['0o7', '"0o7"'],
  ['0O7', '"0O7"'],
  ['0777', '"0777"'],
  ['1e3', '"1e3"'],
  ['1:30', '"1:30"'],
  ['2001-01-01', '"2001-01-01"'],
  ['yes', '"yes"'],
  ['n', '"n"'],
  ['~', '"~"'],
  ['', '""'],
  ['line \nb', '"line \\nb"'],
  ['line\nb ', '"line\\nb "'],
  ['a\t\nb', '|-\n  a\t\n  b'],
  ['a\nb', '|-\n  a\n  b'],
])('%j', (value, text) => expect(yamlText({ k: value })).toBe(`k: ${text}\n`));
