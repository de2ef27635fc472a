import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** What takes away whatever nobody uses just now: data that somebody comes back for. */
const calls = /\b(prune(Containers|Images|Volumes|Networks|Builder)?|pruneSystem)\(|\/prune\b|\bv: true\b/;

/** Helpers are our own containers: what the engine made for them is empty, and what they mount by its name stays. */
const ofHelpers = 'adapters/docker-helpers-left.ts';

test('no engine is ever asked to prune, or to remove a container together with its volumes', () => {
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((name) => name !== ofHelpers && calls.test(readFileSync(join(src, name), 'utf8')))).toEqual([]);
});
