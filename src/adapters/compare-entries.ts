import { hash } from 'node:crypto';
import type { ByteText, EntryFacts } from '../model/backup.ts';
import { BackupError } from '../platform/backup-store.ts';

/** One digest an entry, however it was ordered and whichever name of a file came first. */
interface Summary {
  /** Of all but the path; by path. Hard links are not in it. */
  readonly digests: Map<string, string>;
  /** By the path of a hard link: of the entry that it is the same file as. */
  readonly links: ReadonlyMap<string, string>;
}

/** Throws BackupError with the first entry that is not the same on both sides. */
export async function mustBeSame(expected: AsyncIterable<EntryFacts>, found: AsyncIterable<EntryFacts>): Promise<void> {
  const is = await summaryOf(found);
  // Of a hundred thousand entries only what differs is kept twice
  const must = await summaryOf(expected, (path, digest) => is.digests.get(path) === digest && is.digests.delete(path));
  const [names, others] = [filesBy(must), filesBy(is)];
  for (const path of new Set([...names.keys(), ...others.keys()])) {
    const [want, have] = [names.get(path), others.get(path)];
    if (want === have) continue;
    const how = have === undefined ? 'is missing' : want === undefined ? 'is there, and should not be' : 'is not what it was';
    throw new BackupError(`what was restored is not what it has to be: ${path} ${how}`);
  }
}

async function summaryOf(
  entries: AsyncIterable<EntryFacts>,
  isKnown: (path: string, digest: string) => boolean = () => false,
): Promise<Summary> {
  const [digests, links] = [new Map<string, string>(), new Map<string, string>()];
  for await (const { path, stored: _stored, ...facts } of entries) {
    const key = textOf(path);
    if (facts.type === 'hard-link') links.set(key, textOf(facts.link ?? ''));
    else {
      const digest = hash('sha256', JSON.stringify(sorted(facts)), 'base64');
      if (!isKnown(key, digest)) digests.set(key, digest);
    }
  }
  return { digests, links };
}

/** What every path is, and the first of all its names. */
function filesBy({ digests, links }: Summary): ReadonlyMap<string, string> {
  const groups = new Map<string, string[]>();
  const rootOf = (path: string): string => {
    const target = links.get(path);
    return target === undefined || target === path ? path : rootOf(target);
  };
  for (const path of links.keys()) groups.set(rootOf(path), [...(groups.get(rootOf(path)) ?? [rootOf(path)]), path]);
  const files = new Map(digests);
  for (const [root, names] of groups) {
    const first = names.toSorted()[0];
    for (const name of names) files.set(name, `${digests.get(root) ?? 'nothing'}, the same as ${first ?? ''}`);
  }
  return files;
}

const textOf = (path: ByteText): string => JSON.stringify(path);

const sorted = (facts: object): [string, unknown][] => Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1));
