import { test } from 'vitest';
import type { Fault } from '../../kit/fault-answers.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import { respond, type NamedFault } from './faulty-answers.ts';
import { judge, saidBy } from './judge.ts';
import { changes, placesOf, type Place } from './places.ts';
import { scenarios } from './scenarios.ts';
import { createStage, run, type Goal, type Stage } from './stage.ts';

const scenario = scenarios.fail;
const limits = { withinMs: 90_000 };

const faults: readonly NamedFault[] = [
  respond(500, 'something broke inside'),
  respond(409, 'conflict, says the test'),
  ['the connection cut', { kind: 'reset' }],
  ['done, its answer lost', { kind: 'lost-reply' }],
];

/** Every call of that kind fails from the first one of the way back on, until the run has ended. */
const lasting = ({ name, method, path }: Place, [said, fault]: NamedFault): Case<Stage> => ({
  name: `the way back meets ${said} at every ${name}.`,
  run: (stage) => broken(stage, () => onTheWayBack(stage, { method, ...(path && { path }), fault })),
});

/** One call of the way back fails. */
const once = (place: Place, [said, fault]: NamedFault): Case<Stage> => ({
  name: `the way back meets ${said} once at ${place.name}.`,
  run: (stage) =>
    broken(stage, () => {
      stage.rig.proxy.addRule({ ...place, fault });
      return () => undefined;
    }),
});

/** Somebody takes the name that the old container is to get back. */
const nameTaken = (place: Place): Case<Stage> => ({
  name: `the old name is taken before ${place.name}.`,
  run(stage) {
    const { docker, name } = stage.rig.project;
    let theirs: { remove(options: object): Promise<unknown> } | undefined;
    return broken(stage, () => {
      const end = stage.rig.proxy.before(place, async () => {
        theirs = await docker.createContainer({ name: `${name}-web-1`, Image: 'stackctl/busybox:1' }).catch(() => undefined);
      });
      return async () => {
        end();
        await theirs?.remove({ force: true });
      };
    });
  },
});

type Rule = { readonly method: string; readonly path?: RegExp; readonly fault: Fault };

/** The gate asks with an exec: what comes after the last one is the way back. */
function onTheWayBack({ rig: { proxy } }: Stage, rule: Rule): () => void {
  return proxy.before({ method: 'POST', path: /\/exec\/[^/]+\/start/, nth: 1 }, () => proxy.addRule(rule));
}

/** Breaks the way back, mends the cause, and lets recover have another try. */
async function broken(stage: Stage, breakIt: () => () => Promise<void> | void): Promise<{ cases: number; violations: readonly string[] }> {
  const goal = await scenario.prepare(stage);
  const mend = breakIt();
  const ran = await run(stage, scenario.words);
  const lost = await lostBy(stage, goal);
  await mend();
  stage.rig.proxy.clearRules();
  const wrong = [3, 4].includes(ran.exitCode ?? -1) ? [] : [`it ended with ${String(ran.exitCode)}`, ...saidBy(ran)];
  return { cases: 1, violations: [...lost, ...wrong, ...(await judge(stage, goal, ran, limits))] };
}

/** Old containers that are gone. */
async function lostBy({ rig }: Stage, { before }: Goal): Promise<string[]> {
  const ids = Object.values((await rig.look()).containers).map(({ Id }) => Id);
  return Object.values(before.standing.containers).flatMap(({ Id, Name }) => (ids.includes(Id) ? [] : [`the old ${Name} is gone`]));
}

test('ways back that fail', async () => {
  const places = await placesOf(scenario);
  const gate = places.findIndex(({ name }) => /exec\/\*\/start/.test(name));
  const back = places
    .slice(gate + 1)
    .filter(changes)
    .filter(({ name }) => !/exec/.test(name));
  const cases = [
    ...back.flatMap((place) => faults.flatMap((fault) => [once(place, fault), lasting(place, fault)])),
    ...back.map(nameTaken),
  ];
  await campaign({
    row: 'F19',
    what: 'an apply fails, and its way back meets an error once or always, or finds the old name taken',
    on: 'a real engine',
    lanes: 2,
    stage: () => createStage(scenario.texts),
    cases: upTo(28, cases),
  });
});
