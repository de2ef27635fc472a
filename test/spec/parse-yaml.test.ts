import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/spec/finding.ts';
import { createSource } from '../../src/spec/mark.ts';
import { plainOf } from '../../src/spec/node.ts';
import { parseYaml } from '../../src/spec/parse-yaml.ts';
import { readScalar } from '../../src/spec/read-scalar.ts';

function parse(text: string) {
  const findings: Finding[] = [];
  const root = parseYaml(createSource('f.yaml', text), (finding) => findings.push(finding));
  return { plain: root && plainOf(root), problems: findings.map(({ code, mark }) => `${code}@${mark?.offset}`), findings };
}

describe('scalars as go-yaml reads them', () => {
  it.each([
    ['yes', 'yes', 'yes'],
    ['off', 'off', 'off'],
    ['True', true, 'true'],
    ['FALSE', false, 'false'],
    ['~', null, ''],
    ['', null, ''],
    ['0x1F', 31, '31'],
    ['0b11', 3, '3'],
    ['0o17', 15, '15'],
    ['010', 8, '8'],
    ['08', 8, '8'],
    ['1_000', 1000, '1000'],
    ['1_0.5', 10.5, '10.5'],
    ['1.50', 1.5, '1.5'],
    ['1.5e10', 1.5e10, '1.5e+10'],
    ['1e-7', 1e-7, '1e-07'],
    ['.5', 0.5, '0.5'],
    ['5.', 5, '5'],
    ['1e400', '1e400', '1e400'],
    ['123456789012345678901234567890', 123456789012345678901234567890, '1.2345678901234568e+29'],
    ['9007199254740993', 9007199254740992, '9007199254740993'],
    ['-0', 0, '0'],
    ['+5', 5, '5'],
    ['-.INF', '-Inf', '-Inf'],
    ['.nan', 'NaN', 'NaN'],
    ['1:30', '1:30', '1:30'],
    ['1.2.3', '1.2.3', '1.2.3'],
    ['0x', '0x', '0x'],
    ['-', '-', '-'],
  ])('%s', (source, value, text) => {
    const read = readScalar(source);
    expect(Object.is(read.value, -0) ? 0 : read.value).toBe(value);
    expect(read.text).toBe(text);
  });

  it.each(['2001-01-01', '2001-1-1 10:00:00', '2001-01-01T10:00:00Z'])('%s is a date', (source) =>
    expect(readScalar(source).date).toBe(true),
  );
});

describe('documents', () => {
  it.each([
    [
      'anchors and merge keys',
      'x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [{a: 0}, *x]}',
      { x: { a: 1, b: 2 }, y: { a: 1, b: 3 }, z: { a: 0, b: 2 } },
    ],
    ['a quoted "<<", which is a key like any other', `y: {"<<": {a: 1}}\nz: {'<<': 1}`, { y: { '<<': { a: 1 } }, z: { '<<': 1 } }],
    ['an anchor on a key', 'x: {&k name: 1}\ny: {*k : 2}', { x: { name: 1 }, y: { name: 2 } }],
    ['quotes', `a: "1"\nb: '2'\nc: !!str 3`, { a: '1', b: '2', c: '3' }],
    ['blocks', 'a: |\n  x\n  y\nb: >\n  x\n  y', { a: 'x\ny\n', b: 'x y\n' }],
    ['comments and CRLF', '# c\r\na: 1 # c\r\n', { a: 1 }],
    ['a version directive', '%YAML 1.1\n---\na: yes', { a: 'yes' }],
    ['a tab after a colon', 'a:\tb', { a: 'b' }],
    ['unknown tags', 'a: !foo {b: 1}', { a: { b: 1 } }],
  ])('%s', (_name, text, plain) => expect(parse(text)).toMatchObject({ plain, problems: [] }));

  it.each([
    ['a key written twice', 'a: 1\nb: 2\na: 3', ['yaml-duplicate-key@10']],
    ['two merge keys', 'x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x', ['yaml-duplicate-key@27']],
    [
      'reserved keys',
      '__proto__: 1\na: {constructor: 1, prototype: 2}',
      ['yaml-forbidden-key@0', 'yaml-forbidden-key@17', 'yaml-forbidden-key@33'],
    ],
    ['a second document', 'a: 1\n---\nb: 2', ['yaml-documents@9']],
    ['a tab to indent', 'a:\n\tb: 1', ['yaml-tab@3']],
    ['a key that is a number', 'a: {1.5: x, true: y}', ['wrong-type@4', 'wrong-type@12']],
    ['an alias without anchor', 'a: *b', ['yaml-alias@3']],
    ['an anchor that holds itself', 'a: &a\n  <<: *a', ['yaml-alias@12']],
    ['a merge of text', 'a: {<<: x}', ['wrong-type@4']],
    ['an open bracket', 'a: [1, 2', ['yaml-syntax@8']],
    ['control characters', 'a: \0', ['yaml-syntax@3']],
    ['a list', '- a', ['wrong-type@0']],
    ['a text', 'hello', ['wrong-type@0']],
    ['HTML', '<!DOCTYPE html>\n<a b="c: d">', ['yaml-syntax@0']],
    ['nothing', '# only a comment\n', ['empty-file@undefined']],
    ['a number that is none', 'a: !!int x', ['wrong-type@9']],
  ])('%s is a problem', (_name, text, problems) => expect(parse(text).problems).toEqual(problems));
});

describe('hostile documents end at once', () => {
  const bomb = [
    'a: &a0 [x,x,x,x,x,x,x,x,x,x]',
    ...Array.from({ length: 12 }, (_, i) => `b${i}: &a${i + 1} [${`*a${i},`.repeat(10)}]`),
  ].join('\n');
  it.each([
    ['an alias bomb', bomb, 'yaml-too-large'],
    [
      'a merge bomb',
      ['m0: &m0 {k: 1}', ...Array.from({ length: 60 }, (_, i) => `m${i + 1}: &m${i + 1} {<<: *m${i}, k${i}: *m${i}}`)].join('\n'),
      'yaml-too-large',
    ],
    ['a long text 99 times', `a: &a ${'x'.repeat(100_000)}\nb: [${'*a,'.repeat(99)}]`, 'yaml-too-large'],
    ['flow 10,000 deep', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'yaml-too-deep'],
    ['flow maps 10,000 deep', `a: ${'{a: '.repeat(10_000)}`, 'yaml-too-deep'],
    ['block 1,000 deep', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'yaml-too-deep'],
    ['lists 10,000 deep', `${'- '.repeat(10_000)}x`, 'yaml-too-deep'],
    ['a megabyte of signs', `a: ${'! '.repeat(500_000)}`, 'yaml-too-large'],
  ])('%s', (_name, text, code) => {
    const started = process.cpuUsage();
    expect(parse(text).findings[0]?.code).toBe(code);
    expect(process.cpuUsage(started).user).toBeLessThan(4_000_000);
  });

  it('but 300 levels and 2,000 uses of one anchor are read', () => {
    expect(parse(Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')).problems).toEqual([]);
    expect(parse(`x: &x {a: 1}\n${Array.from({ length: 2000 }, (_, i) => `s${i}: *x`).join('\n')}`).problems).toEqual([]);
  });
});
