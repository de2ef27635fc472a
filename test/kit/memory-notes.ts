import type { RunNotes } from '../../src/platform/run-note.ts';

/** What an engine keeps of runs, in a variable. `fails`: what the engine says instead of doing it. */
export interface MemoryNotes extends RunNotes {
  /** By stack. */
  readonly texts: Map<string, string>;
  readonly fails: { write?: Error; read?: Error; remove?: Error };
}

export function memoryNotes(): MemoryNotes {
  const texts = new Map<string, string>();
  const fails: MemoryNotes['fails'] = {};
  return {
    texts,
    fails,
    async read(stack) {
      if (fails.read) throw fails.read;
      return texts.get(stack);
    },
    async write(stack, text) {
      if (fails.write) throw fails.write;
      texts.set(stack, text);
    },
    async remove(stack) {
      if (fails.remove) throw fails.remove;
      texts.delete(stack);
    },
  };
}
