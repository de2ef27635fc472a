import { definitionOf } from '../actions/index.ts';
import { anySignal } from '../lib/any-signal.ts';
import { get } from '../lib/record.ts';
import type { Evidence } from '../model/event.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { Step } from '../model/plan.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { ApplyContext } from './context.ts';

const lookMs = 5_000;
const lines = 10;

/** What a person needs to see beside the reason: what a step of a build printed, or how the container stands that a step failed on. */
export async function evidenceOf(step: Step, error: unknown, context: ApplyContext): Promise<Evidence | undefined> {
  return error instanceof EngineError && error.log.length > 0 ? { log: error.log } : containerEvidence(step, context);
}

/** Undefined if there is no container or the engine will not tell. */
async function containerEvidence({ action }: Step, { engine, abandon, until }: ApplyContext): Promise<Evidence | undefined> {
  const container = definitionOf(action)
    .touches(action.args)
    .find(({ kind }) => kind === 'container');
  if (!container) return undefined;
  const signal = anySignal([abandon, AbortSignal.timeout(lookMs), ...(until ? [until] : [])]);
  try {
    const seen = get((await engine.glance([container], signal)).containers, container.name);
    if (!seen) return undefined;
    // A container that never started has no log; one whose log cannot be had still has a state.
    const log = seen.state.startedAt ? await engine.logs(seen.id, lines, signal).catch(() => []) : [];
    return { container: seen.name, ...stateEvidence(seen), ...(log.length > 0 && { log }) };
  } catch {
    return undefined; // the failure itself is what counts; this would only have explained it
  }
}

function stateEvidence({ state }: SeenContainer): Omit<Evidence, 'container'> {
  return {
    ...(state.status !== 'running' && state.startedAt && { exitCode: state.exitCode }),
    ...(state.oomKilled && { oomKilled: true }),
    ...(state.restartCount > 0 && { restartCount: state.restartCount }),
    ...(state.error && { engineError: state.error }),
    ...(state.lastProbe && state.lastProbe.exitCode !== 0 && { probe: state.lastProbe.output }),
  };
}
