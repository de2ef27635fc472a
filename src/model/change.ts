import type { NetworkSpec, VolumeSpec, WantedContainer } from './desired.ts';
import type { SeenContainer, SeenNetwork } from './observed.ts';
import type { Text } from './text.ts';

/**
 * Why something differs: the file changed, somebody changed the machine, the tag means another image, a mounted file changed, somebody
 * outside the stack holds a port that it wants.
 */
export type Cause = 'file' | 'drift' | 'image' | 'content' | 'port';

/** A value as a plan shows it. */
export type Leaf = Text | number | boolean | null | readonly Text[];

/** One field that differs. `have` or `want` is absent where there is nothing on that side. */
export interface FieldDiff {
  /** "environment.LOG_LEVEL", "ports.8080:80/tcp" */
  readonly path: string;
  readonly have?: Leaf;
  readonly want?: Leaf;
  readonly cause: Cause;
  /** Only if the build or pull that comes before ends in another image. */
  readonly pending?: true;
  /** How it is mended: in the running container, or only by a new one. "create": a container that is not there gets it. */
  readonly mend: 'create' | 'replace' | 'update' | 'networks' | 'rename' | 'restart' | 'signal';
}

/** What differs, and why we say so. Nothing about how, or in which order, to mend it. */
export type Change =
  | { readonly verb: 'create'; readonly of: 'network'; readonly want: NetworkSpec; readonly because: string }
  | { readonly verb: 'remove'; readonly of: 'network'; readonly have: SeenNetwork; readonly because: string }
  | {
      readonly verb: 'replace';
      readonly of: 'network';
      readonly want: NetworkSpec;
      readonly have: SeenNetwork;
      readonly fields: readonly FieldDiff[];
      readonly because: string;
    }
  | { readonly verb: 'create'; readonly of: 'volume'; readonly want: VolumeSpec; readonly because: string }
  | ContainerChange;

export type ContainerChange = { readonly of: 'container'; readonly because: string } & (
  | {
      readonly verb: 'create';
      readonly want: WantedContainer;
      /** The last apply left it standing, so somebody removed it. */
      readonly gone?: true;
      /** With `gone`: paths of fields whose declaration differs from what was applied; absent when nothing says what was applied. */
      readonly edited?: readonly string[];
    }
  | { readonly verb: 'start'; readonly want: WantedContainer; readonly have: SeenContainer }
  | {
      readonly verb: 'update' | 'replace';
      readonly want: WantedContainer;
      readonly have: SeenContainer;
      readonly fields: readonly FieldDiff[];
      readonly leaves?: Leaves;
    }
  | { readonly verb: 'remove'; readonly have: SeenContainer; readonly leaves?: Leaves }
);

/**
 * Names of networks that are made anew while the container stands aside. It is disconnected first: a container that hangs on a network
 * which is gone could not be started again on the way back.
 */
type Leaves = readonly string[];
