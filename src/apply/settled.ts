import { definitionOf } from '../actions/index.ts';
import { anySignal } from '../lib/any-signal.ts';
import { untilTrue } from '../lib/until-true.ts';
import type { Action } from '../model/action.ts';
import type { Engine } from '../platform/engine.ts';
import { endNotKnown, type Attempt } from './interrupted.ts';

interface Patience {
  readonly engine: Engine;
  readonly abandon: AbortSignal;
  readonly settleMs: number;
}

/**
 * An engine does what it was asked for, though nobody waits for the answer any more: gives it the time to. Resolves once each step
 * whose end is not known shows its effect, or the time is over.
 */
export async function settled(attempts: readonly Attempt[], { engine, abandon, settleMs }: Patience): Promise<void> {
  const signal = anySignal([abandon, AbortSignal.timeout(settleMs)]);
  const open = attempts.flatMap(({ run, ran }) =>
    ran.filter(endNotKnown).flatMap(({ undo }) => (typeof undo === 'object' && 'kind' in undo ? [{ run, undo }] : [])),
  );
  const shows = ({ run, undo }: { readonly run: string; readonly undo: Action }): Promise<void> => {
    const { touches, guard } = definitionOf(undo);
    const ask = async (): Promise<boolean> => guard(undo.args, await engine.glance(touches(undo.args), signal), run) === undefined;
    return untilTrue(ask, { firstPauseMs: 50, longestPauseMs: 250, signal });
  };
  // That it never shows is an answer too, and an engine that does not answer is told of by the steps that follow
  await Promise.allSettled(open.map(shows));
}
