import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { holdProgram } from '../../src/adapters/helper-hold.ts';
import { helperOutput } from '../../src/adapters/helper-output.ts';

const mark = Buffer.from('0123456789abcdef');

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}

async function readOf(text: string, size: number): Promise<{ readonly text: string; readonly state: string }> {
  const output = helperOutput(pieces(text, size), mark);
  let read = '';
  for await (const bytes of output.bytes) read += Buffer.from(bytes).toString();
  return { text: read, state: output.state() };
}

const sizes = [1, 3, 15, 16, 17, 31, 33, 1000];

test.each(sizes)('in pieces of %i: what stands before the mark, and whether it came', async (size) => {
  for (const text of ['', 'a', 'a'.repeat(15), 'b'.repeat(16), 'c'.repeat(100), '0123456789abcde', 'd0123456789abcde']) {
    expect(await readOf(`${text}${mark.toString()}`, size)).toEqual({ text, state: 'whole' });
    expect(await readOf(text, size)).toEqual({ text, state: 'cut' });
  }
});

test('who reads no further leaves it open', async () => {
  const output = helperOutput(pieces('x'.repeat(100), 50), mark);
  for await (const _ of output.bytes) break;
  expect(output.state()).toBe('open');
});

describe.runIf(spawnSync('perl', ['--version']).status === 0)('a helper stays until it is read', () => {
  const words = (command: readonly string[], has = '', good = '0,1'): string[] => [
    '-e',
    holdProgram,
    mark.toString(),
    good,
    has,
    ...command,
  ];

  test('it prints the mark after what ended well, and goes when nobody is there any more', async () => {
    const held = spawn('perl', words(['sh', '-c', 'printf said; exit 1']), { stdio: ['pipe', 'pipe', 'inherit'] });
    const gone = once(held, 'exit');
    let said = '';
    for await (const bytes of held.stdout) if ((said += String(bytes)).endsWith(mark.toString())) break;
    expect(said).toBe(`said${mark.toString()}`);
    expect(held.exitCode).toBeNull();
    held.stdin.end();
    expect((await gone)[0]).toBe(1);
  });

  test.each([
    ['a code that is not good', ['sh', '-c', 'printf said; exit 2'], { status: 2, stdout: 'said' }],
    ['a signal', ['sh', '-c', 'kill -9 $$'], { status: 137, stdout: '' }],
    ['a program that is not there', ['/no/such/program'], { status: 127, stdout: '' }],
  ])('%s ends it at once, without the mark', (_, command, expected) => {
    expect(spawnSync('perl', words(command), { encoding: 'utf8', input: '' })).toMatchObject(expected);
  });

  test('what comes in is for the command only where that is said', () => {
    const cat = (has: string): string =>
      spawnSync('perl', words(['cat'], has, has === '' ? '0' : '9'), { encoding: 'utf8', input: 'in' }).stdout;
    expect(cat('')).toBe(mark.toString());
    expect(cat('input')).toBe('in');
  });
});
