import type { Undo } from '../model/action.ts';
import type { RunResult, StepOutcome } from '../model/event.ts';
import type { ByName } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';

/** Version of what the records mean. Before 2, `planned` did not say what was wanted. */
export const journalFormat = 2;

/** A journal of another one is refused, never guessed at. */
export const readableFormats: readonly number[] = [1, journalFormat];

/** Who does something to a stack, and from where. */
export interface Actor {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** The commit that the stack files were read at. */
export interface Commit {
  readonly id: string;
  /** Whether tracked files differed from it. */
  readonly dirty: boolean;
}

/** What an image reference meant on the engine. */
export interface KnownImage {
  readonly id: string;
  readonly digests: readonly string[];
}

/** What a run was to bring about: enough to bring it about again, whatever the stack files say by then. */
export interface Wanted {
  /** Without places, and without the content of mounted files. Its sensitive values are seals under the journal's `vaultKey`. */
  readonly desired: Desired;
  /** The profiles that were active. */
  readonly profiles: readonly string[];
  /** Keyed hashes of mounted files whose content counts, by their absolute path. */
  readonly contents: ByName<string>;
  /** Only these services, with what they need unless `noDependencies`; empty: all. */
  readonly targets: readonly string[];
  readonly noDependencies: boolean;
}

/** What a journal holds, in the order in which it happened. Sensitive values are seals. Times are ISO 8601. */
export type JournalRecord =
  | {
      /** Always the first one. */
      readonly type: 'begun';
      readonly format: number;
      readonly stack: string;
      readonly engine: string;
      /** "apply", "down" … */
      readonly command: string;
      readonly at: string;
      readonly by: Actor;
      readonly stackctl: string;
      /** Absent when the stack files lie in no git repository. */
      readonly commit?: Commit;
      /** Of the seals in `planned`: what is looked at again later can be told to be the same. */
      readonly vaultKey: string;
    }
  /** What is to be done now, and how the stack stood before: the way back leads there. A run that is resumed plans again. */
  | {
      readonly type: 'planned';
      readonly run: string;
      readonly at: string;
      readonly by: Actor;
      readonly plan: Plan;
      readonly before: Observed;
      readonly images: ByName<KnownImage>;
      /** Absent of what only takes away, and in format 1. */
      readonly wanted?: Wanted;
    }
  | { readonly type: 'started'; readonly step: string; readonly undo: Undo }
  | {
      readonly type: 'ended';
      readonly step: string;
      readonly outcome: StepOutcome['status'];
      readonly tookMs: number;
      readonly why?: string;
    }
  /** From here on only forward: what was put aside may be gone. */
  | { readonly type: 'committed' }
  /** Somebody goes on with what was interrupted. */
  | { readonly type: 'recovering'; readonly how: 'back' | 'finish' | 'resume'; readonly at: string; readonly by: Actor }
  | { readonly type: 'walking-back'; readonly because: string }
  | { readonly type: 'walked-back'; readonly verified: boolean; readonly left: readonly string[] }
  /** What references mean after pulls and builds. */
  | { readonly type: 'images'; readonly images: ByName<KnownImage> }
  | { readonly type: 'finished'; readonly result: RunResult | 'forgotten'; readonly at: string };

export type RecordOf<Type extends JournalRecord['type']> = Extract<JournalRecord, { readonly type: Type }>;

/** Written ahead of the machine. */
export interface Journal {
  /** Durable when it resolves, if `sync`; else durable with the next one that is. Throws JournalError, which ends the apply. */
  append(record: JournalRecord, sync: boolean): Promise<void>;
  /** The run has ended as its last record says: the journal becomes history. */
  close(): Promise<void>;
  /** The run has not ended: the next command finds it as it is. */
  leave(): Promise<void>;
}

/** A run of the past. */
export interface PastRun {
  /** Grows by one with each run; never used again. */
  readonly number: number;
  /** Or why it cannot be read. */
  readonly records: readonly JournalRecord[] | JournalError;
}

/** The journals of one stack on one engine. Only who holds the stack's lock may call what writes. */
export interface JournalStore {
  /** Begins with these records on disk, and with room for `roomBytes` more: a disk that is full says so now. */
  begin(records: readonly [RecordOf<'begun'>, ...JournalRecord[]], roomBytes: number): Promise<Journal>;
  /** The records of a run that never finished; undefined if there is none. Throws JournalError for a damaged journal. */
  unfinished(): Promise<readonly JournalRecord[] | undefined>;
  /** Goes on with the journal of that run. */
  reopen(): Promise<{ readonly journal: Journal; readonly records: readonly JournalRecord[] }>;
  /** Makes the unfinished journal history as it stands, readable or not. */
  forget(): Promise<void>;
  /** The kept runs, the newest first; only the last `most`. */
  history(most?: number): Promise<readonly PastRun[]>;
}

/** The journal cannot be written or read: nothing may be done without it. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}
