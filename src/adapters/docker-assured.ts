import { EngineError } from '../platform/engine-error.ts';

interface Assured {
  /** Asks for it: the same done twice. */
  readonly change: () => Promise<void>;
  /** Looks whether it is so now. */
  readonly isSo: () => Promise<boolean>;
}

/**
 * A change whose answer may get lost on the way: that says nothing of whether it was made. Looks then, and asks once more only for
 * what is not so. Throws the first failure if the look, too, gets no answer.
 */
export async function assured({ change, isSo }: Assured): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof EngineError) || !error.unknownOutcome) throw error;
    const isDone = await isSo().catch(() => {
      throw error;
    });
    if (!isDone) await change();
  }
}
