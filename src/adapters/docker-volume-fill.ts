import type { EntryFacts } from '../model/backup.ts';
import { BackupError } from '../platform/backup-store.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Engine, VolumeFill, VolumeLook } from '../platform/engine.ts';
import { entryFacts } from './backup-entry.ts';
import { checkedEntries } from './checked-entries.ts';
import { mustBeSame } from './compare-entries.ts';
import type { Link } from './docker-ask.ts';
import { areExchanged, exchangeVolumes } from './docker-exchange.ts';
import { runHelper, type HelperOrder } from './docker-helper.ts';
import { listedEntries } from './docker-volume-list.ts';
import { createTar } from './docker-volume-read.ts';
import { listProgram } from './helper-list.ts';
import { TarError } from './tar-error.ts';
import { tarEntries } from './tar-reader.ts';
import { tarOf } from './tar-writer.ts';

const root = '/volume';

/** Everything as it was: owners by number, modes with setuid, times, extended attributes with access lists, holes. */
const extractCommand = [
  ...['tar', '--extract', '--file=-', '--numeric-owner', '--same-owner', '--same-permissions', '--delay-directory-restore'],
  ...['--xattrs', '--xattrs-include=*', `--directory=${root}`],
];

const fillCommand = ['perl', '-e', listProgram, root, ...createTar(root), '--', ...extractCommand];

const emptyCommand = ['find', root, '-mindepth', '1', '-delete'];

/** What changes the content of volumes as a whole. */
export const volumeFills = (link: Link): Pick<Engine, 'fillVolume' | 'areExchanged' | 'exchangeVolumes'> => ({
  fillVolume: (fill, signal) => fillVolume(link, fill, signal),
  areExchanged: (volumes, signal) => areExchanged(link, volumes, signal),
  exchangeVolumes: (exchange, signal) => exchangeVolumes(link, exchange, signal),
});

/**
 * Fills an empty volume from a tar, by a helper that has nothing else, and that tells afterwards what is there: each entry is held against
 * what has to be. No byte of the tar comes to the helper as it is: each entry is read, checked, and written anew.
 */
async function fillVolume(link: Pick<Link, 'docker'>, fill: VolumeFill, signal: AbortSignal): Promise<void> {
  if (fill.again)
    await runHelper(link, { ...writing(fill, `empty volume ${fill.volume}`), command: emptyCommand }, { read: nothing, signal });
  const order = { ...writing(fill, `fill volume ${fill.volume}`), command: fillCommand };
  const read = (output: AsyncIterable<Uint8Array>): Promise<void> => mustBeSame(fill.expected(), listedEntries(output));
  let refused: unknown;
  async function* input(): AsyncGenerator<Uint8Array> {
    try {
      yield* tarOf(checkedEntries(tarEntries(fill.tar), fill.limits));
    } catch (error) {
      refused = error;
      throw error;
    }
  }
  // An archive that is cut off makes the helper's tar fail too: what made us stop is the cause
  await asBackupError(
    runHelper(link, order, { input: input(), read, signal }).catch((error: unknown) => {
      throw refused ?? error;
    }),
  );
}

const writing = ({ volume, image, userns }: VolumeLook, what: string): Omit<HelperOrder, 'command'> => ({
  what,
  image,
  mounts: [{ place: { kind: 'volume', name: volume }, target: root, writable: true }],
  ...(userns !== undefined && { userns }),
});

async function nothing(output: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _bytes of output);
}

/** What lies in a tar, entry by entry. Throws TarError. */
export async function* factsIn(tar: AsyncIterable<Uint8Array>): AsyncGenerator<EntryFacts> {
  for await (const entry of tarEntries(tar)) yield await entryFacts(entry);
}

async function asBackupError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TarError) throw new BackupError(`the archive cannot be restored: ${error.message}`, { cause: error });
    if (error instanceof EngineError && /No space left on device/.test(error.message))
      throw new BackupError('there is no more room where the engine keeps its volumes', { cause: error });
    throw error;
  }
}
