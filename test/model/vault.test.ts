import { expect, it } from 'vitest';
import { isSealed, shownText } from '../../src/model/text.ts';
import { createVault } from '../../src/model/vault.ts';

const vault = createVault('00ff', ['*_PIN', 'exact']);

it.each([
  ['DB_PASSWORD', 'x', '(sensitive)'],
  ['db_passwd_file', 'x', '(sensitive)'],
  ['ApiKey', 'x', '(sensitive)'],
  ['SIGNING_KEY', 'x', '(sensitive)'],
  ['CARD_PIN', 'x', '(sensitive)'],
  ['EXACT', 'x', '(sensitive)'],
  ['DATABASE_URL', 'postgres://app:s3cret@db/shop', 'postgres://app:(sensitive)@db/shop'],
  ['URLS', 'redis://:a@one redis://u:b@two', 'redis://:(sensitive)@one redis://u:(sensitive)@two'],
])('%s=%s is shown as %s', (name, value, shown) => {
  const text = vault.text(name, value);
  expect(isSealed(text)).toBe(true);
  expect(shownText(text)).toBe(shown);
  expect(vault.open(text)).toBe(value);
  expect(JSON.stringify(text)).not.toContain(value);
});

it.each([
  ['LEVEL', 'debug'],
  ['KEYBOARD', 'de'],
  ['exactly', 'x'],
  ['DB_PASSWORD', ''],
  ['URL', 'http://host:8080/path@2'],
])('%s=%s is not sensitive', (name, value) => {
  expect(vault.text(name, value)).toBe(value);
});

it('tells equal values from different ones, and knows only its own', () => {
  expect(vault.seal('a')).toEqual(vault.seal('a'));
  expect(vault.seal('a').sealed).not.toBe(vault.seal('b').sealed);
  const foreign = createVault('ff00').seal('a');
  expect(foreign.sealed).not.toBe(vault.seal('a').sealed);
  expect(vault.knows(foreign)).toBe(false);
  expect(() => vault.open(foreign)).toThrow(/never read/);
});

it.each([
  ['a value', 'it is hunter22', 'it is (sensitive)'],
  ['what a file says, without the end of its line', 'token: from-a-file', 'token: (sensitive)'],
  ['a value of which another is the beginning', 'hunter22-and-more', '(sensitive)'],
  ['the password of a URL that it knows', 'login app s3cret failed', 'login app (sensitive) failed'],
  ['the password of any URL', 'cannot reach redis://u:elsewhere@two/1', 'cannot reach redis://u:(sensitive)@two/1'],
  ['nothing else', 'http://host:8080/path', 'http://host:8080/path'],
])('masks %s', (_what, said, shown) => {
  const own = createVault('00');
  own.seal('hunter22');
  own.seal('hunter22-and-more');
  own.seal('from-a-file\n');
  own.text('command', 'connect postgres://app:s3cret@db/shop --now');
  expect(own.mask(said)).toBe(shown);
});

it('takes no time for a hostile pattern', () => {
  const hostile = createVault('00', [`${'*a'.repeat(50)}*b`]);
  expect(hostile.text('a'.repeat(100_000), 'x')).toBe('x');
});
