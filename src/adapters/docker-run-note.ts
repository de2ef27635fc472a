import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { EngineError } from '../platform/engine-error.ts';
import type { RunNotes } from '../platform/run-note.ts';
import { ask } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import type { DockerUntil } from './docker-client.ts';
import { unlessGone } from './docker-container.ts';

const label = 'io.stackctl.run.note';

const nameOf = (stack: string): string => `stackctl-run-${stack}`;

/** A text as the label of an empty volume: the one thing that an engine keeps and that needs neither an image nor a place in the stack. */
export function dockerRunNotes(docker: DockerUntil): RunNotes {
  const remove = (stack: string): Promise<void> =>
    unlessGone(
      change('remove the note of the run', async (until) => {
        await docker(until).getVolume(nameOf(stack)).remove();
      }),
    );
  return {
    async read(stack, signal) {
      const volume = await ask.volume({ docker }, nameOf(stack), signal);
      const text = volume?.textMap('Labels')[label];
      return text === undefined ? undefined : unpacked(text);
    },
    async write(stack, text) {
      await remove(stack); // creating one that is there changes nothing and says so to nobody
      await change('note the run', async (until) => {
        await docker(until).createVolume({ Name: nameOf(stack), Labels: { [label]: deflateRawSync(text).toString('base64') } });
      });
    },
    remove,
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
