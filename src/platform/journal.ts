import type { Undo } from '../model/action.ts';
import type { RunResult, StepOutcome } from '../model/event.ts';
import type { Action } from '../model/action.ts';

/** What a journal holds, in the order in which it happened. Sensitive values are seals. */
export type JournalRecord =
  | {
      readonly type: 'begun';
      readonly run: string;
      readonly stack: string;
      readonly engine: string;
      readonly at: string;
      readonly by: string;
      readonly stackctl: string;
    }
  | { readonly type: 'started'; readonly step: string; readonly action: Action; readonly undo: Undo }
  | { readonly type: 'ended'; readonly step: string; readonly outcome: StepOutcome['status']; readonly tookMs: number }
  | { readonly type: 'committed' }
  | { readonly type: 'walking-back'; readonly because: string }
  | { readonly type: 'walked-back'; readonly verified: boolean; readonly left: readonly string[] }
  | { readonly type: 'finished'; readonly result: RunResult; readonly at: string };

/** Written ahead of the machine. */
export interface Journal {
  /** Durable when it resolves, if `sync`; else durable with the next one that is. Throws JournalError, which ends the apply. */
  append(record: JournalRecord, sync: boolean): Promise<void>;
  /** The run has ended as its last record says: the journal becomes history. */
  close(): Promise<void>;
}

export interface JournalStore {
  begin(): Promise<Journal>;
  /** The records of a run that never finished; undefined if there is none. Throws JournalError for a damaged journal. */
  unfinished(): Promise<readonly JournalRecord[] | undefined>;
}

/** The journal cannot be written or read: nothing may be done without it. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}
