import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLock } from '../../src/spec/read-lock.ts';
import { lockText } from '../../src/commands/lock-text.ts';
import { folderWith } from '../commands/kit.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const images = { 'redis:7': { digest }, '127.0.0.1:5000/a:1': { digest }, 'shop-web': { id: digest } };

async function read(text: string): Promise<unknown> {
  const folder = await folderWith({ 'stack.lock.yaml': text });
  const lock = await readLock(join(folder, 'stack.lock.yaml'), folder);
  return lock.ok ? lock.value : lock.error.map(({ at, message }) => `${at?.file}:${at?.line}:${at?.column} ${message}`);
}

describe('stack.lock.yaml', () => {
  it('is read as it was written, sorted, with a head that says what it is', async () => {
    const text = lockText(images);
    expect(text).toMatch(
      /^# Which image[^]*Written by "stackctl lock"[^]*^format_version: "1.0"\nimages:\n {2}127.0.0.1:5000\/a:1:\n {4}digest: sha/m,
    );
    expect(await read(text)).toEqual(images);
    expect(lockText(Object.fromEntries(Object.entries(images).reverse()))).toBe(text);
  });

  it('is none where there is no file', async () => {
    const folder = await folderWith({});
    expect(await readLock(join(folder, 'stack.lock.yaml'), folder)).toEqual({ ok: true, value: undefined });
  });

  const at = (line: string): string => `format_version: "1.0"\nimages:\n  redis:7:\n    ${line}\n`;

  it.each([
    ['nothing', '', 'stack.lock.yaml is not as stackctl lock writes it'],
    ['a list', '- a\n', 'stack.lock.yaml:1:1 stack.lock.yaml is not as stackctl lock writes it'],
    ['no YAML', 'images: {\n', 'stack.lock.yaml:'],
    ['another version', 'format_version: "2.0"\nimages: {}\n', 'stack.lock.yaml:1:17 "format_version" must be 1.0'],
    ['no images', 'format_version: "1.0"\n', 'stack.lock.yaml:1:1 "images" is missing from the file'],
    ['an unknown key', at('tag: 7'), 'stack.lock.yaml:4:5 unknown key "tag"'],
    ['a digest cut off', at('digest: sha256:abc'), 'stack.lock.yaml:4:13 "digest" must be "sha256:" and 64 hex digits'],
    ['a merge conflict', `<<<<<<< HEAD\n${at(`digest: ${digest}`)}`, 'stack.lock.yaml:'],
    ['both', at(`{ digest: "${digest}", id: "${digest}" }`), 'stack.lock.yaml:3:3 "redis:7" must have either "digest" or "id"'],
  ])('with %s is a problem at its place', async (_what, text, problem) => {
    const said = await read(text);
    expect(said).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});
