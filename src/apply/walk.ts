import type { Step } from '../model/plan.ts';

export interface Walk {
  readonly limit: number;
  /** Asked whenever a step has ended: false means that nothing new is begun. */
  mayStart(): boolean;
  /** Whether the step only waits, so that it takes no place among those that work. */
  onlyWaits(step: Step): boolean;
  /** Runs one step; whether those that come after it may run. */
  run(step: Step): Promise<boolean>;
}

/**
 * Starts each step as soon as those before it have ended well. Resolves when nothing runs and nothing more can start; when a run
 * throws, it throws as well, after all that was under way has ended.
 */
export async function walk(steps: readonly Step[], { limit, mayStart, onlyWaits, run }: Walk): Promise<void> {
  const here = new Set(steps.map(({ id }) => id));
  const ended = new Set<string>();
  const waiting = new Set(steps);
  const running = new Map<Step, Promise<readonly [Step, boolean]>>();
  let working = 0;
  const isReady = ({ after }: Step): boolean => after.every((id) => ended.has(id) || !here.has(id));
  const hasRoom = (step: Step): boolean => working < limit || onlyWaits(step);

  for (;;) {
    const mayGoOn = mayStart();
    for (const step of mayGoOn ? waiting : []) {
      if (!hasRoom(step) || !isReady(step)) continue;
      waiting.delete(step);
      if (!onlyWaits(step)) working += 1;
      running.set(
        step,
        run(step).then((good) => [step, good] as const),
      );
    }
    if (running.size === 0) return;
    const [step, good] = await Promise.race(running.values()).catch(async (error: unknown) => {
      await Promise.allSettled(running.values());
      throw error;
    });
    running.delete(step);
    if (!onlyWaits(step)) working -= 1;
    if (good) ended.add(step.id);
  }
}
