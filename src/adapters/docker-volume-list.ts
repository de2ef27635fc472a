import { byteReader } from '../lib/byte-reader.ts';
import type { EntryFacts } from '../model/backup.ts';
import { entryFacts } from './backup-entry.ts';
import { TarError } from './tar-error.ts';
import { tarEntries } from './tar-reader.ts';

/** How many digits say how many bytes the digests take: helper-list.ts. */
const lengthDigits = 20;

/** What `listProgram` tells, entry by entry. Throws TarError where it makes no sense. */
export async function* listedEntries(output: AsyncIterable<Uint8Array>): AsyncGenerator<EntryFacts> {
  const bytes = byteReader(output);
  const digests = digestsIn(await bytes.take(Number((await bytes.take(lengthDigits)).toString())));
  const digestOf = ({ name, path }: { readonly name: Buffer; readonly path: string }): Promise<string> => {
    const digest = digests.get(name.toString('latin1'));
    digests.delete(name.toString('latin1')); // nobody asks again, and there may be a hundred thousand
    return digest === undefined ? Promise.reject(new TarError(`"${path}" was not read`)) : Promise.resolve(digest);
  };
  for await (const entry of tarEntries(bytes.upTo(Number.MAX_SAFE_INTEGER).chunks(), 'left-out')) yield entryFacts(entry, digestOf);
}

const digestLength = 64;

/** By the bytes of each name, one letter a byte. */
function digestsIn(said: Buffer): Map<string, string> {
  const digests = new Map<string, string>();
  for (const record of said.toString('latin1').split('\0')) {
    if (record !== '') digests.set(record.slice(digestLength + 2), record.slice(0, digestLength));
  }
  return digests;
}
