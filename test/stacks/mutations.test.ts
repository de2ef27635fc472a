import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readStack } from '../../src/spec/read-stack.ts';
import { validateStack } from '../../src/spec/stack-validator.ts';
import { mutationsOf, type Mutation } from './mutations.ts';
import { root, stackFiles } from './stack-list.ts';

/** How many mistakes are made in each file. */
const perFile = 60;
const folder = mkdtempSync(join(tmpdir(), 'stackctl-mutations-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Numbers from 0 to 1 that are the same every time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function some(all: readonly Mutation[], seed: number): Mutation[] {
  const next = numbers(seed);
  const left = [...all];
  return Array.from({ length: Math.min(perFile, left.length) }, () => left.splice(Math.floor(next() * left.length), 1)).flat();
}

const tables = stackFiles.map(({ name, file }, i) => {
  const text = readFileSync(join(root, file), 'utf8');
  return { name, text, mutations: some(mutationsOf(text), i + 1) };
});

it('makes more than a hundred mistakes, none twice', () => {
  const texts = tables.flatMap(({ mutations }) => mutations.map(({ text }) => text));
  expect(texts.length).toBeGreaterThan(100);
  expect(new Set(texts).size).toBe(texts.length);
});

describe.each(tables)('$name', ({ text, mutations }) => {
  it('is what the schema describes', () => {
    expect({ valid: validateStack(parse(text)), errors: validateStack.errors }).toEqual({ valid: true, errors: null });
  });

  it.each(mutations)('is refused: $what', async ({ text: wrong }) => {
    const file = join(folder, 'compose.yaml');
    writeFileSync(file, wrong);
    const read = await readStack({
      files: [file],
      profiles: ['*'],
      envFiles: [],
      environment: { HOME: '/home/hyperd' },
      cwd: folder,
      vaultKey: '00'.repeat(16),
    });
    const problems = read.ok ? [] : read.error.filter(({ severity }) => severity === 'error');
    expect(problems.length, wrong).toBeGreaterThan(0);
    for (const { at } of problems) expect(at).toMatchObject({ file: 'compose.yaml' });
  });
});
