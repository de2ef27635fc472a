import type { ApplyEvent } from '../model/event.ts';
import type { Observed } from '../model/observed.ts';
import type { BackupStore } from '../platform/backup-store.ts';
import type { Engine } from '../platform/engine.ts';
import type { Host } from '../platform/host.ts';
import type { Sight } from './sight.ts';

/** What a run works with. Everything that acts on the world comes in here. */
export interface ApplyContext {
  readonly engine: Engine;
  readonly host: Host;
  readonly backups: BackupStore;
  /** Id of this run, in the labels of all that it makes. */
  readonly run: string;
  /** How many actions may be under way at once; waiting at gates does not count. */
  readonly limit: number;
  /** Stop starting things and walk back. */
  readonly cancel: AbortSignal;
  /** Stop at once; the journal tells what is left. */
  readonly abandon: AbortSignal;
  /** When the way forward must be over: what is under way is ended then as its own timeout would. */
  readonly until?: AbortSignal;
  /** Leave everything as it stands when something fails. */
  readonly noRollback: boolean;
  /** The whole stack as the plan saw it. */
  readonly before: Observed;
  /** Looks at single resources before steps, and remembers them. */
  readonly sight: Sight;
  /** Looks at the whole stack again. */
  look(signal: AbortSignal): Promise<Observed>;
  /** Awaited before anything goes on, so a journal that listens is always ahead of the machine. */
  emit(event: ApplyEvent): Promise<void>;
  /** A fault of stackctl itself made a step fail: the way back is walked all the same, and whoever listens tells it as a bug. */
  onBug(error: unknown): void;
}
