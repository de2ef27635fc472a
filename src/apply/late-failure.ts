import { exitMeaning } from '../actions/gate.ts';
import { definitionOf } from '../actions/index.ts';
import { get } from '../lib/record.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import type { ApplyContext } from './context.ts';
import { endedWell, type Ran } from './run-step.ts';

export interface LateFailure {
  readonly why: string;
  readonly onFailure: Step['onFailure'];
}

const lookMs = 30_000;
const logMs = 5_000;

/** The last look before the point of no return: what passed its gate must still run, without a restart since. */
export async function lateFailure(ran: readonly Ran[], { engine, cancel }: ApplyContext): Promise<LateFailure | undefined> {
  const opened = ran.filter(({ step, outcome }) => definitionOf(step.action).gives === 'ready' && outcome.status === 'done');
  if (opened.length === 0 || cancel.aborted) return undefined;
  const gates = opened.flatMap((each) =>
    each.passed ? [{ step: each.step, was: each.passed, name: nameAfter(ran.slice(ran.indexOf(each) + 1), each.passed.name) }] : [],
  );
  const touches = gates.map(({ name }) => ({ kind: 'container', name }) as const);
  const now = await engine.glance(touches, AbortSignal.any([cancel, AbortSignal.timeout(lookMs)])).catch(() => undefined);
  if (!now || gates.length < opened.length) return { why: 'the engine could not be asked for the last look', onFailure: 'rollback' };
  const fallen = gates.find(({ name, was }) => hasFallen(was, get(now.containers, name)));
  if (!fallen) return undefined;
  const why = await fallText(get(now.containers, fallen.name), engine);
  return { why: `${fallen.name} passed its gate and fell over afterwards: ${why}`, onFailure: fallen.step.onFailure };
}

async function fallText(seen: SeenContainer | undefined, engine: ApplyContext['engine']): Promise<string> {
  if (!seen) return 'it is gone';
  const [last] = await engine.logs(seen.id, 1, AbortSignal.timeout(logMs)).catch(() => []);
  const { status, exitCode, oomKilled, health } = seen.state;
  const how =
    status === 'running'
      ? health === 'unhealthy'
        ? 'its health check fails'
        : 'it was restarted'
      : `it exited with ${exitMeaning(exitCode)}${oomKilled ? ', out of memory' : ''}`;
  return last === undefined ? how : `${how}; the last line of its log: ${last}`;
}

function hasFallen(was: SeenContainer, is: SeenContainer | undefined): boolean {
  if (!is || is.id !== was.id || is.state.restartCount > was.state.restartCount) return true;
  if (is.state.status === 'running') return is.state.health === 'unhealthy';
  return is.state.status !== 'exited' || is.state.exitCode !== 0;
}

/** A container that was started before the old one stopped has taken its final name since. */
const nameAfter = (ran: readonly Ran[], name: string): string =>
  ran.reduce((current, { step, outcome }) => {
    const renamed = definitionOf(step.action).renames?.(step.action.args);
    return renamed?.from === current && endedWell(outcome) ? renamed.to : current;
  }, name);
