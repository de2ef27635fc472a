import { get } from '../lib/record.ts';
import type { Observed } from '../model/observed.ts';
import { touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface Args {
  readonly volume: string;
  /** The volume beside it, made by this run. */
  readonly fresh: string;
  /** "there": what was in `fresh` is in `volume` then, and the other way round. "back": all is where it was. */
  readonly way: 'there' | 'back';
  /** Reference of the helper's image. */
  readonly image: string;
}

/**
 * Lets two volumes of the engine's own driver change what is in them, in one step that cannot be half done. May be done again: it looks
 * which way they stand. The engine refuses while a container that mounts one of them runs.
 */
export const volumeExchange: ActionKind<Args> = defineAction<Args>('volume.exchange', {
  symbol: '~',
  target: ({ volume, fresh }) => `${volume} with ${fresh}`,
  label: ({ volume, fresh, way }) =>
    way === 'there' ? `switch volume ${volume} with ${fresh}` : `switch volume ${volume} back from ${fresh}`,
  timeoutMs: () => exchangeMs,
  touches: ({ volume, fresh }) => [touch('volume', volume), touch('volume', fresh)],
  guard: ({ volume, fresh }, now, run) => notPlain(volume, now) ?? notPlain(fresh, now) ?? notOurs(fresh, now, run),
  simulate: (_args, now) => now, // what is in a volume, nobody sees from outside
  undo: (args) => volumeExchange({ ...args, way: args.way === 'there' ? 'back' : 'there' }),
  run: (args, { engine, signal }) => engine.exchangeVolumes(args, signal),
});

/** A container is started for it, and nothing is copied. */
const exchangeMs = 120_000;

function notPlain(name: string, now: Observed): string | undefined {
  const seen = get(now.volumes, name);
  if (!seen) return `volume ${name} is not there`;
  if (seen.driver === 'local' && Object.keys(seen.driverOptions).length === 0) return undefined;
  return `volume ${name} is not a plain one of the local driver: only those can be switched`;
}

const notOurs = (fresh: string, now: Observed, run: string): string | undefined =>
  get(now.volumes, fresh)?.run === run ? undefined : `volume ${fresh} was not made by this run`;
