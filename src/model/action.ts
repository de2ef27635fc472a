/** One thing to do, as plain data. What it means is defined once, in src/actions. */
export interface Action<Args = unknown> {
  /** "container.start" */
  readonly kind: string;
  readonly args: Args;
}

/** The way back: another action, no need of one, or none because what was there is lost. */
export type Undo = Action | 'not-needed' | { readonly lost: string };

/** A resource that an action looks at before it runs. */
export interface Touch {
  readonly kind: 'container' | 'network' | 'volume' | 'image';
  readonly name: string;
  /**
   * What this run saw last of it, or made it to be, is enough: the call names it by its id, or the engine refuses by itself. Absent:
   * it is looked at right before.
   */
  readonly recalled?: true;
}
