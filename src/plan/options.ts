import type { ByName } from '../lib/record.ts';
import type { LeftContainer } from '../model/left.ts';
import type { RestoreSource } from '../model/restore-source.ts';

/** What the person asked for beside the files, and what is remembered of the last apply. */
export interface PlanOptions {
  /** Only these services and what they need; empty: all. */
  readonly targets: readonly string[];
  /** With targets: without what they need. */
  readonly noDependencies: boolean;
  /** Build images that could also stay as they are. */
  readonly build: boolean;
  /** Ask the registry for every image. */
  readonly pull: boolean;
  readonly forceRecreate: boolean;
  /** Between the stop signal and the kill, in place of what is declared. */
  readonly stopGraceMs?: number;
  /** Also remove containers that name files which were not read now. */
  readonly removeOrphans: boolean;
  /** "volume/NAME" or "network/NAME": may be replaced with all that is in it. */
  readonly allowDestroy: readonly string[];
  /** What is said where something else is wanted than what was applied. */
  readonly otherwise: string;
  /** What the last apply left standing: for words, never for decisions. */
  readonly left: readonly LeftContainer[];
  /** `down`: also the volumes that are declared. */
  readonly volumes?: true;
  /** Bytes in volumes, by the engine's name, as far as somebody asked: for words, never for decisions. */
  readonly volumeSizes?: ByName<number>;
  /** Places, as `placeText` names them, whose files get their declared owner and mode though only a report is declared. */
  readonly fix?: readonly string[];
  /** The stack is to be left as it was found: what was not ready before need not be after. */
  readonly asFound?: true;
  /** Nothing but this: other content for a volume of the stack, by the engine's name. */
  readonly restore?: { readonly volume: string; readonly from: RestoreSource };
  /** Changes of these resources only, named as `resourceOf` does; absent: of all. */
  readonly only?: readonly string[];
}

export const plainOptions: PlanOptions = {
  targets: [],
  noDependencies: false,
  build: false,
  pull: false,
  forceRecreate: false,
  removeOrphans: false,
  allowDestroy: [],
  otherwise: 'the file changed',
  left: [],
};
