import { expect, it } from 'vitest';
import { plan } from '../../../src/plan/plan.ts';
import { image, observed } from '../../kit/builders.ts';
import type { MemoryOptions } from '../../kit/memory-engine.ts';
import { runPlan } from '../../kit/runs.ts';
import { complaints } from '../../kit/satisfies.ts';
import { simulateAll } from '../../kit/simulated.ts';
import { standing } from '../../kit/standing.ts';
import { tally } from '../../kit/tally.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { folderWith, stackOf } from '../../spec/stack-folder.ts';

virtualClock();

type Behaves = NonNullable<MemoryOptions['behaves']>;

/** What the service of that number waits for, by numbers. */
type Shape = (i: number) => readonly number[];

const backTo =
  (count: number): Shape =>
  (i) =>
    Array.from({ length: Math.min(i, count) }, (_, back) => i - 1 - back);

const shapes: readonly (readonly [string, number, Shape])[] = [
  ['nobody waits for anybody', 1_000, () => []],
  ['all wait for one', 1_000, (i) => (i === 0 ? [] : [0])],
  ['one waits for all', 1_000, (i) => (i === 999 ? backTo(999)(i) : [])],
  ['a chain of 500', 500, backTo(1)],
  ['a tree', 1_000, (i) => (i === 0 ? [] : [Math.floor((i - 1) / 2)])],
  ['each waits for the twenty before it', 1_000, backTo(20)],
];

/** In groups of twenty on a network of their own, each with a file of its own to mount and a volume for every tenth. */
function text(count: number, needs: Shape, version = 1): string {
  const services = Array.from({ length: count }, (_, i) => {
    const volume = i % 10 === 0 ? `    volumes: ["d${i}:/d"]\n` : '';
    const waits = needs(i).map((other) => `s${other}: {condition: service_healthy}`);
    return `  s${i}:\n    image: app\n    environment: {N: "${i}", V: "${version}"}\n    healthcheck: {test: [CMD, x]}\n    networks: [n${i % 50}]\n${volume}    depends_on: {${waits.join(', ')}}\n`;
  });
  const networks = Array.from({ length: 50 }, (_, i) => `n${i}: {}`).join(', ');
  const volumes = Array.from({ length: Math.ceil(count / 10) }, (_, i) => `d${i * 10}: {}`).join(', ');
  return `name: shop\nservices:\n${services.join('')}networks: {${networks}}\nvolumes: {${volumes}}\n`;
}

const app = image('app');
const bare = observed({ images: { app, [app.id]: app }, networks: [] });

it.each(shapes)('%s (%i services): planned, and then there is nothing to do', async (_, count, needs) => {
  const { desired } = await stackOf(text(count, needs));
  const first = plan(desired, bare);
  const up = simulateAll(first.steps, bare);
  const violations = [
    ...first.problems.map(({ message }) => message),
    ...complaints(up, desired),
    ...(plan(desired, up).steps.length === 0 ? [] : ['what is wanted is not what is there']),
  ];
  tally({ row: 'F22', what: 'a stack of up to 1,000 services is planned', on: 'no engine', cases: 1, violations: violations.length });
  expect(violations.slice(0, 5)).toEqual([]);
});

it.each(shapes)('%s: applied, changed, and taken back', async (_, _count, needs) => {
  const count = 100;
  const { desired } = await stackOf(text(count, (i) => needs(i).filter((other) => other < count)));
  const made = await runPlan(plan(desired, bare), bare, { limit: 20 });
  const up = made.engine.now();
  const changed = plan((await stackOf(text(count, (i) => needs(i).filter((other) => other < count), 2))).desired, up);
  const behaves: Behaves = ({ service }) => (service === `s${count - 1}` ? { health: 'unhealthy' } : {});
  const failed = await runPlan(changed, up, { limit: 20, behaves });
  const violations = [
    ...(made.result === 'applied' ? [] : [`the first apply ended as ${made.result}`]),
    ...complaints(up, desired),
    ...(failed.result === 'rolled-back' ? [] : [`the failing apply ended as ${failed.result}`]),
  ];
  tally({
    row: 'F22',
    what: 'a hundred services applied, and taken back',
    on: 'a simulated engine',
    cases: 1,
    violations: violations.length,
  });
  expect(violations.slice(0, 5)).toEqual([]);
  expect(standing(failed.engine.now())).toEqual(standing(up));
});

it.each([3, 500, 1_000])('a circle of %i services is one problem that names them', async (count) => {
  const circle = text(count, (i) => [(i + 1) % count]);
  const read = await folderWith({ 'compose.yaml': circle }).read();
  const said = read.ok ? [] : read.error.map(({ code, message }) => `${code} ${message}`);
  tally({
    row: 'F22',
    what: 'services that wait for each other in a circle',
    on: 'no engine',
    cases: 1,
    violations: said.length === 1 ? 0 : 1,
  });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^dependency-cycle .*s0 -> s1/);
});
