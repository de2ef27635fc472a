import type { Undo } from './action.ts';
import type { Step } from './plan.ts';

/** What happens while a plan runs. Every view and the journal see this and nothing else. */
export type ApplyEvent =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly steps: number;
      readonly timeoutMs: number;
      readonly rollbackTimeoutMs: number;
    }
  | { readonly type: 'step-started'; readonly step: Step; readonly undo: Undo }
  | { readonly type: 'step-progressed'; readonly step: Step; readonly note: string }
  | { readonly type: 'step-ended'; readonly step: Step; readonly outcome: StepOutcome; readonly tookMs: number }
  /** Every gate has opened: from here on there is no way back. */
  | { readonly type: 'committed' }
  | { readonly type: 'rollback-started'; readonly because: string; readonly steps: number }
  /** `left`: what still differs from before. `lost`: what no walk back could bring back. */
  | { readonly type: 'rollback-ended'; readonly verified: boolean; readonly left: readonly string[]; readonly lost: readonly string[] }
  | { readonly type: 'run-ended'; readonly result: RunResult };

/**
 * How a run ended. untouched: it failed before anything was done. failed: left as it stood, as was asked for. not-cleaned-up: all
 * is up, but something old could not be removed. interrupted: a person stopped it, and it was walked back.
 */
export type RunResult =
  'applied' | 'untouched' | 'rolled-back' | 'not-fully-rolled-back' | 'failed' | 'not-cleaned-up' | 'interrupted' | 'abandoned';

export type StepOutcome =
  /** `warning`: what people should know all the same. */
  | { readonly status: 'done'; readonly warning?: string }
  | { readonly status: 'unchanged'; readonly why: string }
  /** Its guard found that the machine is not what the plan expects; nothing was done. */
  | { readonly status: 'refused'; readonly why: string }
  | { readonly status: 'failed'; readonly why: string; readonly evidence?: Evidence }
  | { readonly status: 'timed-out'; readonly afterMs: number; readonly why?: string; readonly evidence?: Evidence }
  | { readonly status: 'cancelled' };

/** What a person needs to see of a container that failed, or of a build that did. */
export interface Evidence {
  readonly container?: string;
  readonly exitCode?: number;
  readonly oomKilled?: boolean;
  readonly restartCount?: number;
  /** The engine's own words. */
  readonly engineError?: string;
  /** The last lines, oldest first, without control characters. */
  readonly log?: readonly string[];
  /** What a hook printed that failed. */
  readonly hook?: string;
  /** What the last health probe printed. */
  readonly probe?: string;
}
