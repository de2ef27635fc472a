import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/lint/rules.ts';
import { lintFile, readFile } from './lint-kit.ts';

const folder = join(import.meta.dirname, 'rules');
const filesOf = (rule: string, kind: string): string[] =>
  readdirSync(join(folder, rule))
    .filter((name) => name.startsWith(kind) && name.endsWith('.yaml'))
    .map((name) => join(folder, rule, name));

/** The numbers of the lines that say that the rule finds something there. */
const marked = (file: string): number[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, i) => (line.endsWith('# finds') ? [i + 1] : []));

/** The numbers of the lines where the rule finds something. */
async function found(rule: string, file: string): Promise<number[]> {
  const others = await Promise.all(filesOf(rule, 'other').map(async (path) => ({ name: 'other', read: await readFile(path) })));
  const stacks = others.flatMap(({ name, read }) =>
    read.ok ? [{ name, desired: read.value.desired, declared: read.value.declared }] : [],
  );
  const told = await lintFile(file, stacks);
  return told
    .filter((each) => each.rule.id === rule && each.silenced === undefined)
    .map(({ at }) => at?.line ?? 0)
    .sort((left, right) => left - right);
}

it('has a folder for every rule, and no other', () => {
  expect(readdirSync(folder).sort()).toEqual(rules.map(({ id }) => id).sort());
});

describe.each(rules)('$id', ({ id, finds, reason, fix }) => {
  it('has a failing and a passing file', () => {
    expect(filesOf(id, 'failing').length).toBeGreaterThan(0);
    expect(filesOf(id, 'passing').length).toBeGreaterThan(0);
  });

  it('finds what is marked in the failing files, and nothing else', async () => {
    for (const file of filesOf(id, 'failing')) {
      expect(marked(file).length).toBeGreaterThan(0);
      expect(await found(id, file), file).toEqual(marked(file));
    }
  });

  it('finds nothing in the passing files', async () => {
    for (const file of filesOf(id, 'passing')) {
      expect((await readFile(file)).ok, `${file} can be read`).toBe(true);
      expect(await found(id, file), file).toEqual([]);
    }
  });

  it('says why it matters and what to do', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)+$|^privileged$/);
    expect(reason).toMatch(/^[A-Z].*\.$/);
    for (const text of [finds, fix]) expect(text).toMatch(/^[^A-Z].*[^.]$/);
  });
});
