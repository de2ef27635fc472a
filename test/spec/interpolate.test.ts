import { describe, expect, it } from 'vitest';
import { interpolate } from '../../src/spec/interpolate.ts';

const values = new Map([
  ['A', 'a'],
  ['B', 'bb'],
  ['EMPTY', ''],
  ['MONEY', '$A ${B}'],
]);
const lookup = (name: string) => values.get(name);

describe('values', () => {
  it.each([
    ['$A', 'a'],
    ['${A}', 'a'],
    ['x$A-y', 'xa-y'],
    ['${A:-d}', 'a'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${NO:-d}', 'd'],
    ['${NO-d}', 'd'],
    ['${A:?e}', 'a'],
    ['${EMPTY?e}', ''],
    ['${A:+r}', 'r'],
    ['${EMPTY:+r}', ''],
    ['${EMPTY+r}', 'r'],
    ['${NO+r}', ''],
    ['${NO:-${B}}', 'bb'],
    ['${NO:-x${ALSO:-${A}}y}z', 'xayz'],
    ['${NO:-{}}', '{}'],
    ['${NO:-a-b:c/d?e=f&g#h}', 'a-b:c/d?e=f&g#h'],
    ['$$A $${A}', '$A ${A}'],
    ['$MONEY', '$A ${B}'],
    ['price $5, $', 'price $5, $'],
    ['$ {A}', '$ {A}'],
    ['no variable', 'no variable'],
  ])('%s gives %s', (text, expected) => {
    expect(interpolate(text, lookup)).toMatchObject({ ok: true, value: { text: expected } });
  });

  it('tells what is read without being set', () => {
    expect(interpolate('$NO ${ALSO} ${NOT:-x} ${A}', lookup)).toMatchObject({ value: { unset: ['NO', 'ALSO'] } });
  });
});

describe('misuse', () => {
  it.each([
    ['${', 'interpolation-syntax', '"${" is not closed with "}"'],
    ['${A', 'interpolation-syntax', '"${A" is not closed with "}"'],
    ['${}', 'interpolation-syntax', '"${}" does not begin with the name of a variable'],
    ['${1A}', 'interpolation-syntax', '"${1A}" does not begin with the name of a variable'],
    ['${A B}', 'interpolation-syntax', '"${A B}" has no form that is known after "A"'],
    ['${A!}', 'interpolation-syntax', '"${A!}" has no form that is known after "A"'],
    ['${A::-x}', 'interpolation-syntax', '"${A::-x}" has no form that is known after "A"'],
    ['${NO:?}', 'variable-required', 'the variable "NO" is not set'],
    ['${EMPTY:?set it}', 'variable-required', 'the variable "EMPTY" is empty: set it'],
    ['${NO?for $A}', 'variable-required', 'the variable "NO" is not set: for a'],
    ['${NO:-${ALSO:?deep}}', 'variable-required', 'the variable "ALSO" is not set: deep'],
  ])('%s', (text, code, message) => {
    expect(interpolate(text, lookup)).toMatchObject({ ok: false, error: { code, message } });
  });

  it('ends at a nesting that nobody means', () => {
    const text = `${'${NO:-'.repeat(10_000)}x${'}'.repeat(10_000)}`;
    expect(interpolate(text, lookup)).toMatchObject({ ok: false, error: { code: 'interpolation-syntax' } });
  });
});
