import { service, stack } from '../../e2e/bad-days/stacks.ts';
import { toBegin, toReplace, toTakeDown, type Goal, type Stage, type Texts } from './stage.ts';
import { duo, solo, unhealthy } from './texts.ts';

/** Something that a person does, during which things go wrong. */
export interface Scenario {
  readonly name: string;
  readonly texts: Texts;
  readonly words: string;
  /** Brings the stage to where it begins. */
  prepare(stage: Stage): Promise<Goal>;
}

/** What is to come up never does: the world before is what is wanted. */
async function toFail(stage: Stage): Promise<Goal> {
  await toReplace(stage);
  await stage.rig.write(stack(service('web', unhealthy, 'environment: { V: "3" }'), service('more', 'environment: { V: "3" }')));
  return { before: stage.look, version: stage.version };
}

const apply = 'apply --yes';

export const scenarios = {
  replace: { name: 'a service is replaced', texts: solo, words: apply, prepare: toReplace },
  replaceTwo: { name: 'two services are replaced', texts: duo, words: apply, prepare: toReplace },
  begin: { name: 'a stack is made', texts: solo, words: apply, prepare: toBegin },
  fail: { name: 'an apply fails and walks back', texts: solo, words: apply, prepare: toFail },
  down: { name: 'a stack is taken down', texts: solo, words: 'down --yes', prepare: toTakeDown },
  downTwo: { name: 'two services are taken down', texts: duo, words: 'down --yes', prepare: toTakeDown },
} as const satisfies Record<string, Scenario>;
