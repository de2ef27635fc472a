import { describe, expect, it } from 'vitest';
import { tarEnd, tarHeader, tarPadding } from '../../src/adapters/docker-tar.ts';
import { TarError } from '../../src/adapters/tar-error.ts';
import { tarEntries } from '../../src/adapters/tar-reader.ts';

const file = (path: string, content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  const head = tarHeader({ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, modified: 0 });
  return Buffer.concat([head, bytes, tarPadding(bytes.length)]);
};

/** The bytes in pieces of that size, as a socket gives them. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size: number): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { path, content } of tarEntries(inPieces(bytes, size))) {
    const parts: Buffer[] = [];
    for await (const part of content) parts.push(part);
    found.push([path, Buffer.concat(parts).toString()]);
  }
  return found;
}

describe('a tar that is read as it comes', () => {
  const long = `${'deep/'.repeat(40)}file`;
  const entries: [string, string][] = [
    ['a', 'one'],
    ['b/empty', ''],
    [long, 'x'.repeat(1500)],
    ['last', 'y'.repeat(512)],
  ];
  const whole = Buffer.concat([...entries.map(([path, content]) => file(path, content)), tarEnd]);

  it.each([1, 7, 512, 513, 100_000])('in pieces of %s bytes', async (size) => {
    expect(await read(whole, size)).toEqual(entries);
  });

  it('skips what nobody reads', async () => {
    const paths: string[] = [];
    for await (const { path } of tarEntries(inPieces(whole, 100))) paths.push(path);
    expect(paths).toEqual(entries.map(([path]) => path));
  });

  it('that breaks off is refused, wherever it does', async () => {
    for (let end = 0; end < whole.length; end += 100)
      await expect(read(whole.subarray(0, end), 64), `after ${end} bytes`).rejects.toBeInstanceOf(TarError);
  });

  it('within another one', async () => {
    const outer = Buffer.concat([file('layer.tar', whole), file('after', 'z'), tarEnd]);
    const found: string[] = [];
    for await (const { path, content } of tarEntries(inPieces(outer, 333))) {
      found.push(path);
      if (path === 'layer.tar') for await (const inner of tarEntries(content)) found.push(`> ${inner.path}`);
    }
    expect(found).toEqual(['layer.tar', ...entries.map(([path]) => `> ${path}`), 'after']);
  });
});
