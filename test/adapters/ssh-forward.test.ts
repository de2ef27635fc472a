import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forwardAgent } from '../../src/adapters/ssh-forward.ts';
import { frameOf, framesOf } from '../../src/lib/frames.ts';

/** An agent that answers every request with 12 and what it was asked. */
async function anAgent(): Promise<{ path: string; asked: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'stackctl-agent-'));
  const path = join(folder, 'agent');
  const asked: number[] = [];
  const server = createServer((connection) => {
    void (async () => {
      for await (const request of framesOf(connection, { prefix: 4, longest: 1024 })) {
        asked.push(request[4] ?? 0);
        connection.write(frameOf(Buffer.concat([Buffer.of(12), request.subarray(4)]), 4));
      }
    })();
  }).listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { path, asked };
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function answers(path: string, bytes: Buffer, size = 1): Promise<number[][]> {
  const found: number[][] = [];
  for await (const answer of forwardAgent(path, inPieces(bytes, size))) found.push([...answer.subarray(4)]);
  return found;
}

const request = (...bytes: number[]): Buffer => frameOf(Uint8Array.from(bytes), 4);

test('lists keys and signs with them, and refuses whatever would change the agent without asking it', async () => {
  const { path, asked } = await anAgent();
  // List, add, remove all, lock, an extension, nothing at all, sign
  const bytes = Buffer.concat([request(11), request(17, 1), request(19), request(22, 1), request(27), request(), request(13, 9)]);
  for (const size of [1, 7, 1000]) expect(await answers(path, bytes, size)).toEqual([[12, 11], [5], [5], [5], [5], [5], [12, 13, 9]]);
  expect(asked).toEqual([11, 13, 11, 13, 11, 13]);
});

test('a request that is cut off or too long ends it', async () => {
  const { path } = await anAgent();
  await expect(answers(path, request(11, 1, 2).subarray(0, -1))).rejects.toThrow('the bytes end within a message');
  await expect(answers(path, Buffer.of(1, 0, 0, 0, 11))).rejects.toThrow('a message is too long');
  await expect(answers(`${path}-gone`, request(11))).rejects.toThrow('ENOENT');
});
