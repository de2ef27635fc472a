import { expect, it } from 'vitest';
import { keyedHash, sha256 } from '../../src/lib/hash.ts';

it('hashes are those of the standards (FIPS 180-4, RFC 4231 case 1), so that every machine and version has the same', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(keyedHash('0b'.repeat(20), 'Hi There')).toBe('b0344c61d8db3853');
});
