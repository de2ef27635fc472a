import type { EngineFacts } from '../model/observed.ts';
import type { Answer } from './docker-answer.ts';

type Ask<T> = (signal: AbortSignal) => Promise<T>;

/** What every look asks, whatever the stack is. */
export interface AlwaysAsked {
  readonly facts: Ask<EngineFacts>;
  readonly containers: Ask<readonly Answer[]>;
}

/**
 * Asks at once, so that the engine works while the stack's files are read; the first look takes these answers. One that failed is
 * asked for again, under the signal of the look.
 */
export function askAhead({ facts, containers }: AlwaysAsked, signal: AbortSignal): AlwaysAsked {
  let early: Promise<readonly Answer[] | undefined> | undefined = containers(signal).catch(() => undefined);
  facts(signal).catch(() => undefined); // whoever needs them asks again, and is told
  return {
    facts,
    async containers(later) {
      const first = early;
      early = undefined;
      return (await first) ?? containers(later);
    },
  };
}
