import { expect, it } from 'vitest';
import { isLost, isSealed, shownText } from '../../src/model/text.ts';
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

it.each([
  ['one star at the end', 'PRE*', ['PRE', 'prefix'], ['XPRE', 'PR']],
  ['one star in the middle', 'ABC*CD', ['ABCCD', 'abc-cd'], ['ABCD', 'ABC', 'CD']],
  ['parts in that order', '*ONE*TWO*', ['onetwo', 'xONE.TWOx'], ['TWOONE', 'ONTWO', 'ONEONE']],
  ['parts that do not overlap', 'A*BAB*BA', ['ABABBA', 'ABAB-BA'], ['ABABA', 'ABAB', 'BABBA']],
  ['no star', 'PIN', ['PIN', 'pin'], ['PINS', 'APIN']],
])('a name under x-stack.sensitive with %s (%s) means %j and not %j', (_what, pattern, meant, others) => {
  const own = createVault('00', [pattern]);
  const isHidden = (name: string): boolean => isSealed(own.text(name, 'x'));
  expect([meant.filter(isHidden), others.filter(isHidden)]).toEqual([meant, []]);
  // Asked again, the answer is the same
  expect([meant.filter(isHidden), others.filter(isHidden)]).toEqual([meant, []]);
});

it.each([
  ['http://:pw@host', 'http://:(sensitive)@host'],
  ['svn+ssh://Ann.2:p:w@host and HTTPS://b:c@d', 'svn+ssh://Ann.2:(sensitive)@host and HTTPS://b:(sensitive)@d'],
])('the password in %s is not shown', (url, shown) => expect(shownText(vault.text('URL', url))).toBe(shown));

it.each(['ann:pw@host', 'http://ann@host', 'http://host/ann:pw@x', 'http://host?q=a:b@c', 'http://host#a:b@c', 'http://ann:@host'])(
  'there is no password in %s',
  (url) => expect(vault.text('URL', url)).toBe(url),
);

it('masks in a text from outside every sensitive value of this run, wherever it stands', () => {
  const own = createVault('00');
  own.text('DB_PASSWORD', 'hunter22');
  own.text('URL', 'db://app:s3cr@host');
  own.text('LEVEL', 'debug');
  own.seal('four');
  own.seal('abc');
  expect(own.mask('hunter22, four: hunter22! db://app:s3cr@host debug abc')).toBe(
    '(sensitive), (sensitive): (sensitive)! (sensitive) debug abc',
  );
});

it('finds the seal of a value by what it is', () => {
  const own = createVault('00');
  const [one, other] = [own.seal('one'), own.seal('other')];
  expect([own.find((value) => value === 'other'), own.find((value) => value === 'o'), own.key]).toEqual([other.sealed, undefined, '00']);
  expect([own.knows(one), own.open('plain')]).toEqual([true, 'plain']);
});

it('says of a value whether anybody can open it, and what may be printed of it', () => {
  const sealed = vault.seal('x');
  expect([isLost(sealed), isLost({ ...sealed, lost: true }), isLost('lost')]).toEqual([false, true, false]);
  expect([isSealed(sealed), isSealed('sealed'), isSealed(null), isSealed({}), isSealed(undefined)]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect([shownText(sealed), shownText('plain')]).toEqual(['(sensitive)', 'plain']);
});

it('hides also what turns out later to be sensitive', () => {
  const later = createVault('00ff', ['*_PIN']);
  expect(later.text('COLOUR', 'blue')).toBe('blue');
  later.hide(['COLO*', '/etc/settings']);
  expect([later.text('COLOUR', 'blue'), later.text('/etc/settings', 'a: 1'), later.text('CARD_PIN', '1')].map(isSealed)).toEqual([
    true,
    true,
    true,
  ]);
  expect(later.alsoSensitive).toEqual(['*_PIN']);
});
