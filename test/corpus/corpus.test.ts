import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { say } from '../commands/kit.ts';
import { archive, casesIn, unpackCorpus, withoutFolder, type Corpus, type CorpusCase } from './corpus-cases.ts';
import { differences } from './differences.ts';
import known from './known-differences.json' with { type: 'json' };

const isHere = existsSync(archive);
if (!isHere) console.log(`skipped: the corpus of real Compose files is not at ${archive}`);

/** What is wrong with our answer to a case; undefined when it agrees with the reference. */
async function disagreement({ id, run, args, cwd, environment, input, expected }: CorpusCase): Promise<string | undefined> {
  const name = `${id} [${run}]`;
  const said = await say(args, { cwd, environment }).catch((error: unknown) => ({ code: 1, stdout: '', stderr: String(error) }));
  if (expected === undefined) return said.code === 0 ? `${name}: the reference refuses this` : undefined;
  if (said.code !== 0) return `${name}: the reference accepts this; exit ${said.code}: ${said.stderr.slice(0, 400)}`;
  const found = differences(expected, withoutFolder(JSON.parse(said.stdout), input));
  const shown = found.slice(0, 3).map(({ path, expected: want, got }) => `${path}: ${JSON.stringify(want)} is ${JSON.stringify(got)}`);
  return found.length === 0 ? undefined : `${name}: ${shown.join('; ')}`;
}

describe.skipIf(!isHere)('real Compose files mean what they mean in Docker Compose', () => {
  let corpus: Corpus;
  beforeAll(() => {
    corpus = unpackCorpus();
  }, 60_000);
  afterAll(() => {
    corpus.remove();
  }, 60_000);

  test.each(['public', 'errors/public', 'limits'])('%s', { timeout: 600_000 }, async (set) => {
    const found: string[] = [];
    for (const each of casesIn(join(corpus.folder, set))) {
      if (Object.hasOwn(known, each.id)) continue;
      const started = process.cpuUsage();
      const problem = await disagreement(each);
      const seconds = process.cpuUsage(started).user / 1e6;
      if (problem !== undefined) found.push(problem);
      if (seconds > 2) found.push(`${each.id} took ${seconds} s`);
    }
    expect(found).toEqual([]);
  });
});
