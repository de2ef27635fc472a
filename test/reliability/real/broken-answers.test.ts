import { test } from 'vitest';
import { campaign, spread } from './campaign.ts';
import { faultyAnswer, pairs, type NamedFault } from './faulty-answers.ts';
import { changes, placesOf, type Place } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { createStage } from './stage.ts';

/** The first five reach the engine, which does what it is asked for; of the others it hears nothing. */
const faults: readonly NamedFault[] = [
  ['cut off, in chunks', { kind: 'truncated-chunked' }],
  ['cut off, with a length', { kind: 'truncated-length' }],
  ['half of it', { kind: 'short' }],
  ['each key twice', { kind: 'twice' }],
  ['a hundred megabytes', { kind: 'huge' }],
  ['a web page', { kind: 'html' }],
  ['something else', { kind: 'respond', status: 200, body: { hello: 'world' } }],
  ['a list', { kind: 'respond', status: 200, body: [] }],
  ['the connection cut', { kind: 'reset' }],
];

const drip: NamedFault = ['a byte a second', { kind: 'drip', everyMs: 1_000 }];

/** To a change that was not made an answer of 200 is a lie that only later looks can find. */
const isLie = (place: Place, [, fault]: NamedFault): boolean => changes(place) && fault.kind === 'respond';

const rows: readonly (readonly [Scenario, number])[] = [
  [scenarios.replace, 60],
  [scenarios.begin, 45],
  [scenarios.down, 35],
];

test.each(rows.map(([scenario, usual]) => [scenario.name, scenario, usual] as const))('%s', async (_, scenario, usual) => {
  const all = pairs(await placesOf(scenario), faults).filter(({ place, fault }) => !isLie(place, fault));
  await campaign({
    row: 'F10',
    what: 'one answer cut off, halved, of another type, 100 MB long, or with its keys twice',
    on: 'a real engine',
    lanes: 2,
    stage: () => createStage(scenario.texts),
    cases: spread(all, usual).map((one) => faultyAnswer({ ...one, scenario, withinMs: 60_000 })),
  });
});

test('a byte a second', async () => {
  const all = pairs(await placesOf(scenarios.replace), [drip]);
  await campaign({
    row: 'F10',
    what: 'one answer comes a byte a second',
    on: 'a real engine',
    lanes: 8,
    stage: () => createStage(scenarios.replace.texts),
    cases: spread(all, 15).map((one) => faultyAnswer({ ...one, scenario: scenarios.replace, withinMs: 150_000 })),
  });
});
