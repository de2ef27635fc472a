import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ignoreRules } from '../../src/adapters/docker-ignore.ts';
import { loginFor, registryOf } from '../../src/adapters/docker-login.ts';

test.each([
  ['node_modules', ['node_modules', 'node_modules/a/b'], ['src/node_modules', 'node_modules2']],
  ['/dist/', ['dist', 'dist/a'], ['src/dist']],
  ['*.md', ['README.md'], ['docs/a.md', 'md']],
  ['**/*.md', ['README.md', 'docs/deep/a.md'], ['a.mdx']],
  ['docs/**', ['docs/a', 'docs/a/b'], ['doc']],
  ['**/cache', ['cache', 'a/b/cache/c'], ['mycache']],
  ['a?c', ['abc'], ['ac', 'a/c']],
  ['[ab].txt', ['a.txt'], ['c.txt']],
  ['a.b', ['a.b'], ['axb']],
  ['*\n!keep', ['drop', 'x/y'], ['keep', 'keep/a']],
  ['*.md\n!keep.md\nkeep.md', ['keep.md'], []],
  ['# comment\n\n  spaces  ', ['spaces'], ['# comment', 'comment']],
])('.dockerignore %j', (text, out, kept) => {
  const { ignores } = ignoreRules(text);
  expect(out.filter((path) => !ignores(path))).toEqual([]);
  expect(kept.filter(ignores)).toEqual([]);
});

test.each([
  ['redis:7', 'https://index.docker.io/v1/'],
  ['bitnami/redis', 'https://index.docker.io/v1/'],
  ['docker.io/library/redis', 'https://index.docker.io/v1/'],
  ['ghcr.io/a/b:1', 'ghcr.io'],
  ['localhost/a', 'localhost'],
  ['127.0.0.1:5000/a@sha256:00', '127.0.0.1:5000'],
])('%s is at %s', (image, registry) => expect(registryOf(image)).toBe(registry));

describe('logins', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adp-login-'));
    vi.stubEnv('DOCKER_CONFIG', folder);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  const config = (value: unknown): Promise<void> => writeFile(join(folder, 'config.json'), JSON.stringify(value));
  const helper = async (script: string): Promise<void> => {
    await writeFile(join(folder, 'docker-credential-adp'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'docker-credential-adp'), 0o755);
  };
  const login = (image: string) => loginFor(image, AbortSignal.timeout(10_000));

  test('none without a config', async () => expect(await login('ghcr.io/a/b')).toBeUndefined());

  test('from the config', async () => {
    await config({ auths: { 'ghcr.io': { auth: Buffer.from('me:pa:ss').toString('base64') } } });
    expect(await login('ghcr.io/a/b')).toEqual({ username: 'me', password: 'pa:ss', serveraddress: 'ghcr.io' });
    expect(await login('redis')).toBeUndefined();
  });

  test('from a credential helper, which gets the registry by stdin', async () => {
    await config({ credHelpers: { 'ghcr.io': 'adp' } });
    await helper('read registry; printf \'{"ServerURL":"%s","Username":"me","Secret":"of %s"}\' "$registry" "$registry"');
    expect(await login('ghcr.io/a/b')).toEqual({ username: 'me', password: 'of ghcr.io', serveraddress: 'ghcr.io' });
  });

  test('a helper that knows none, and one that fails', async () => {
    await config({ credsStore: 'adp' });
    await helper('echo "credentials not found in native keychain"; exit 1');
    expect(await login('redis')).toBeUndefined();
    await helper('echo "keychain is locked" >&2; exit 1');
    await expect(login('redis')).rejects.toMatchObject({ code: 'unauthorized', message: expect.stringContaining('keychain is locked') });
  });
});
