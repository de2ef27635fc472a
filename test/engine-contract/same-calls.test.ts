import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dockerConnection } from '../../src/adapters/docker-connect.ts';
import { openDocker } from '../../src/adapters/docker-engine.ts';
import { createVault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { image as anImage, observed } from '../kit/builders.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { image } from './contract-kit.ts';
import { runs, seed } from '../kit/worlds.ts';
import { calls, player, type Call, type Player } from './same-calls.ts';

/** A difference is printed with SEED=…, which repeats it all, and SEQUENCE=…, which repeats that one alone. */
const only = process.env['SEQUENCE'] === undefined ? undefined : Number(process.env['SEQUENCE']);
/** On each engine that the tests run on, of which there are two. */
const sequences = runs(150);
const length = 20;
/** The stacks are each other's strangers. */
const atOnce = 6;

async function realEngine(): Promise<Engine> {
  const connection = await dockerConnection({}, process.env);
  if (!connection.ok) throw new Error(connection.error.map(({ message }) => message).join('\n'));
  return openDocker(connection.value).engine(createVault('00'.repeat(16)));
}

/** The first call after which the two differ, and in what; undefined if none does. */
async function difference(played: readonly Call[], [real, memory]: readonly [Player, Player]): Promise<unknown> {
  for (const [i, call] of played.entries()) {
    const came = [await real.play(call), await memory.play(call)];
    const shows = [await real.shows(), await memory.shows()];
    if (came[0] !== came[1] || JSON.stringify(shows[0]) !== JSON.stringify(shows[1]))
      return JSON.stringify({ before: played.slice(0, i), call, came, shows });
  }
  return undefined;
}

describe.runIf(process.env['DOCKER_HOST'])('the engine in memory', () => {
  test(
    `answers and shows what a real one does: ${sequences} sequences of ${length} calls, seed ${seed}`,
    async () => {
      const real = await realEngine();
      const all = fc.sample(fc.array(calls, { minLength: length, maxLength: length }), { seed, numRuns: sequences });
      const waiting = [...all.entries()].filter(([i]) => only === undefined || i === only);
      const found: unknown[] = [];
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next && found.length === 0; next = waiting.shift()) {
          const [i, played] = next;
          const stack = `t-calls-${process.pid}-${i}`;
          const memory = memoryEngine(observed({ networks: [], images: { [image]: anImage(image) } }), { stack });
          const players = [player(real, stack), player(memory, stack)] as const;
          const differs = await difference(played, players).finally(() => players[0].end());
          if (differs !== undefined) found.push({ replay: `SEED=${seed} SEQUENCE=${i}`, differs });
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      expect(found).toEqual([]);
    },
    runs(900_000),
  );
});
