import type { Fault } from '../../kit/fault-answers.ts';
import type { Case } from './campaign.ts';
import { judge } from './judge.ts';
import type { Place } from './places.ts';
import type { Scenario } from './scenarios.ts';
import { run, type Stage } from './stage.ts';

/** What is wrong with one answer, by a name that a person can tell it by. */
export type NamedFault = readonly [name: string, fault: Fault];

/** One call of a scenario is answered like that. */
export interface FaultyAnswer {
  readonly scenario: Scenario;
  readonly place: Place;
  readonly fault: NamedFault;
  readonly withinMs: number;
}

export const faultyAnswer = ({ scenario, place, fault: [said, fault], withinMs }: FaultyAnswer): Case<Stage> => ({
  name: `${scenario.name}, ${place.name}: ${said}`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    stage.rig.proxy.addRule({ ...place, fault });
    const ran = await run(stage, scenario.words);
    stage.rig.proxy.clearRules();
    return { cases: 1, violations: await judge(stage, goal, ran, { withinMs }) };
  },
});

/** Each fault at each place. */
export const pairs = (places: readonly Place[], faults: readonly NamedFault[]): { place: Place; fault: NamedFault }[] =>
  places.flatMap((place) => faults.map((fault) => ({ place, fault })));

export const respond = (status: number, message: string): NamedFault => [`${status}`, { kind: 'respond', status, body: { message } }];

/** An answer that says that it is done, or that there is nothing to do, though nothing was done: who says so to a removal is believed. */
export const isBelieved = ({ method }: Place, [said]: NamedFault): boolean => method === 'DELETE' && said === '404';
