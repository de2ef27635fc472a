import { expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, observed, seen, service } from '../kit/builders.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { contextOn } from '../kit/runs.ts';
import { standing } from '../kit/standing.ts';

const web = service('web');
const before = observed({ containers: [seen(web, { settings: { user: 'nobody' } })] });

it('a bug in an action is told, after everything has gone back', async () => {
  const engine = memoryEngine(before);
  const bug = new TypeError('undefined is not a function');
  const told: unknown[] = [];
  const broken = { ...engine, createContainer: () => Promise.reject(bug) };
  const result = await apply(
    plan(desired({ services: [web] }), before),
    contextOn({ ...engine, ...broken }, before, { onBug: (error) => void told.push(error) }),
  );
  expect(told).toEqual([bug]);
  expect(result).toBe('rolled-back');
  expect(standing(engine.now())).toEqual(standing(before));
});
