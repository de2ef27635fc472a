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

/** The last look before the point of no return: what passed its gate must still run, without a restart since. */
export async function lateFailure(ran: readonly Ran[], { engine, cancel }: ApplyContext): Promise<LateFailure | undefined> {
  const opened = ran.filter(({ step, outcome }) => definitionOf(step.action).gives === 'ready' && outcome.status === 'done');
  if (opened.length === 0 || cancel.aborted) return undefined;
  const gates = opened.flatMap((each) => (each.passed ? [{ step: each.step, was: each.passed, name: nameAfter(ran.slice(ran.indexOf(each) + 1), each.passed.name) }] : []));
  const touches = gates.map(({ name }) => ({ kind: 'container', name }) as const);
  const now = await engine.glance(touches, AbortSignal.any([cancel, AbortSignal.timeout(lookMs)])).catch(() => undefined);
  if (!now || gates.length < opened.length) return { why: 'the engine could not be asked for the last look', onFailure: 'rollback' };
  const fallen = gates.find(({ name, was }) => hasFallen(was, get(now.containers, name)));
  return fallen && { why: `${fallen.name} passed its gate and fell over afterwards`, onFailure: fallen.step.onFailure };
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
