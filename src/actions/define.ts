import type { Action, Touch, Undo } from '../model/action.ts';
import type { Observed } from '../model/observed.ts';
import type { BackupStore } from '../platform/backup-store.ts';
import type { Engine } from '../platform/engine.ts';
import type { Host } from '../platform/host.ts';

/** Everything there is to know about one kind of action. */
export interface ActionDefinition<Args> {
  readonly symbol: '+' | '-' | '~' | '?' | '>' | '#';
  /** The thing acted on; with the kind it makes the step's id. */
  target(args: Args): string;
  /** One line for people: "start container shop-web-1". */
  label(args: Args): string;
  timeoutMs(args: Args): number;
  /** What those who depend on the service may take from its end: that it runs, or that it is ready. */
  readonly gives?: 'started' | 'ready';
  /** Whether the program in the container reads its files anew. */
  readonly rereads?: true;
  /** The container that it gives another name. */
  renames?(args: Args): { readonly from: string; readonly to: string };
  /** The image, by its reference, of which it makes a container. */
  makesFrom?(args: Args): string;
  /** Volumes that a program can write to once the container of this action has started. */
  mounts?(args: Args): readonly string[];
  /** The network that it removes: made again on the way back, under another id. */
  removesNetwork?(args: Args): string;
  /** The volume that it makes: not taken back once a program could write to it. */
  keepsData?(args: Args): string | undefined;
  /** The volume that it needs to take something back: kept until that has ended well. */
  readsAside?(args: Args): string;
  /** The volume whose content its way back puts back: needless where no program that the run made could write to it. */
  rewinds?(args: Args): string | undefined;
  /** What stays lost if this step back does not end well. What comes after it on the way back waits for a second try of it. */
  lostUnless?(args: Args): string;
  /** Nothing of the machine shows whether it was done. */
  readonly leavesNoTrace?: true;
  /** The volume that it removes. */
  removesVolume?(args: Args): string;
  /** Whether a person who interrupts need not wait for its end: it only waits, or only fetches. */
  readonly cancellable?: true;
  /** What guard, undo and run have to see of the machine. */
  touches(args: Args): readonly Touch[];
  /** Why this must not run now, or undefined if it may. */
  guard(args: Args, now: Observed, run: string): string | undefined;
  /** What the machine looks like afterwards, if all goes well. */
  simulate(args: Args, now: Observed, run: string): Observed;
  undo(args: Args, before: Observed): Undo;
  run(args: Args, world: World): Promise<void>;
  /** Why it would not fit, as far as that can be told before anything is touched. */
  foresee?(args: Args, world: Pick<World, 'engine' | 'backups' | 'now' | 'signal'>): Promise<string | undefined>;
}

/** What an action gets to work with. */
export interface World {
  readonly engine: Engine;
  readonly host: Host;
  /** Copies of volumes. */
  readonly backups: BackupStore;
  /** The machine as its guard saw it. */
  readonly now: Observed;
  /** Id of this run: what it makes carries it, and only that may be removed on the way back. */
  readonly run: string;
  readonly signal: AbortSignal;
  /** Aborts when a person interrupts, also where the action itself is not cut short by it: for what need not come to its end. */
  readonly interrupted: AbortSignal;
  onProgress(note: string): void;
  /** What people should know though the action ends well. */
  warn(text: string): void;
  /** There was nothing to do: how the step ends if the action ends well. */
  unchanged(why: string): void;
  /** How what the action touches stands now, for later steps that need not look themselves. Not called: they look. */
  remember(now: Observed): void;
}

/** A definition that can be called to make an action of its kind. */
export interface ActionKind<Args> extends ActionDefinition<Args> {
  (args: Args): Action<Args>;
  readonly kind: string;
}

export function defineAction<Args>(kind: string, definition: ActionDefinition<Args>): ActionKind<Args> {
  return Object.assign((args: Args): Action<Args> => ({ kind, args }), definition, { kind });
}
