import { exitMeaning } from '../actions/gate.ts';
import { definitionOf } from '../actions/index.ts';
import { anySignal } from '../lib/any-signal.ts';
import { get } from '../lib/record.ts';
import type { ContainerState, SeenContainer } from '../model/observed.ts';
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
  const gates = opened.flatMap(({ passed, ...each }) => (passed ? [{ ...each, was: passed }] : []));
  const ids = gates.map(({ was }) => was.id);
  const now = await engine.states(ids, anySignal([cancel, AbortSignal.timeout(lookMs)])).catch(() => undefined);
  if (!now || gates.length < opened.length) return { why: 'the engine could not be asked for the last look', onFailure: 'rollback' };
  const fallen = gates.find(({ was }) => hasFallen(was.state, get(now, was.id)));
  if (!fallen) return undefined;
  const { was, step } = fallen;
  const later = ran.slice(ran.findIndex((each) => each.step === step) + 1);
  const name = nameAfter(later, was.name);
  const why = await fallText(was, get(now, was.id), engine);
  const whose = step.service === undefined ? '' : `${step.service}: `;
  return { why: `${whose}${name} passed its gate and fell over afterwards: ${why}`, onFailure: step.onFailure };
}

async function fallText({ id }: SeenContainer, state: ContainerState | undefined, engine: ApplyContext['engine']): Promise<string> {
  if (!state) return 'it is gone';
  const [last] = await engine.logs(id, 1, AbortSignal.timeout(logMs)).catch(() => []);
  const how = fallReason(state);
  return last === undefined ? how : `${how}; the last line of its log: ${last}`;
}

function fallReason({ status, exitCode, oomKilled, health }: ContainerState): string {
  if (status === 'running') return health === 'unhealthy' ? 'its health check fails' : 'it was restarted';
  if (status === 'paused') return 'somebody has paused it';
  return oomKilled ? 'it was killed because it ran out of memory' : `it exited with ${exitMeaning(exitCode)}`;
}

function hasFallen(was: ContainerState, is: ContainerState | undefined): boolean {
  if (!is || is.restartCount > was.restartCount) return true;
  // It had passed by our own probe where the engine's word is older than the gate
  if (is.status === 'running') return is.health === 'unhealthy' && was.health !== 'unhealthy';
  return is.status !== 'exited' || is.exitCode !== 0;
}

/** A container that was started before the old one stopped has taken its final name since. */
const nameAfter = (ran: readonly Ran[], name: string): string =>
  ran.reduce((current, { step, outcome }) => {
    const renamed = definitionOf(step.action).renames?.(step.action.args);
    return renamed?.from === current && endedWell(outcome) ? renamed.to : current;
  }, name);
