import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { EngineError } from '../platform/engine-error.ts';
import type { RunNotes } from '../platform/run-note.ts';
import { ask } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import { unlessGone } from './docker-container.ts';

const label = 'io.stackctl.run.note';

/** A note is put into the place of another under the other of the two names, so that there is one at every moment. */
const namesOf = (stack: string): readonly [string, string] => [`stackctl-run-${stack}`, `stackctl-run-${stack}.next`];

/** A text as the label of an empty volume: the one thing that an engine keeps and that needs neither an image nor a place in the stack. */
export function dockerRunNotes(docker: DockerUntil): RunNotes {
  const noteAt = async (name: string, signal: AbortSignal): Promise<string | undefined> =>
    (await ask.volume({ docker }, name, signal))?.textMap('Labels')[label];
  const isThere = async (name: string, signal: AbortSignal): Promise<boolean> => (await noteAt(name, signal)) !== undefined;
  const remove = (name: string): Promise<void> =>
    unlessGone(change('remove the note of the run', async (until) => void (await docker(until).getVolume(name).remove())));
  let written: string | undefined;
  return {
    async read(stack, signal) {
      const [first, second] = namesOf(stack);
      const text = (await noteAt(first, signal)) ?? (await noteAt(second, signal));
      return text === undefined ? undefined : unpacked(text);
    },
    async write(stack, text) {
      const [first, second] = namesOf(stack);
      const signal = AbortSignal.timeout(lookMs);
      const [hasFirst, hasSecond] = await Promise.all([isThere(first, signal), isThere(second, signal)]);
      const [next, last] = hasFirst ? [second, first] : [first, second];
      if (hasFirst && hasSecond) await remove(next); // creating one that is there changes nothing and says so to nobody
      await change('note the run', async (until) => {
        await docker(until).createVolume({ Name: next, Labels: { [label]: deflateRawSync(text).toString('base64') } });
      });
      written = next;
      if (hasFirst || hasSecond) await remove(last);
    },
    // One after the other, and only what is there, or was written here: an engine may say wrongly that it is not there, and a holder that
    // loses its lock meanwhile has the least on its way
    async remove(stack) {
      const names = namesOf(stack);
      const there = await Promise.all(names.map((name) => isThere(name, AbortSignal.timeout(lookMs))));
      for (const name of names.filter((each, i) => there[i] || each === written)) await remove(name);
      written = undefined;
    },
  };
}

/** What stackctl never packed comes as it stands: whoever reads it as a journal finds that it is none. */
function unpacked(text: string): string {
  try {
    return inflateRawSync(Buffer.from(text, 'base64')).toString();
  } catch {
    return text;
  }
}

/** Both are the same done twice: one fault on the way is not worth a run. */
async function change(what: string, work: (until: AbortSignal) => Promise<void>): Promise<void> {
  const limits = { what, signal: new AbortController().signal, withinMs: lookMs };
  try {
    await call(limits, work);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === 'not-found') throw error;
    await call(limits, work);
  }
}
