import { parseFileMode } from '../lib/file-mode.ts';
import { fromEntries } from '../lib/record.ts';
import { placeText, type DataPlace } from '../model/data-place.ts';
import type { Ids, LookedData } from '../model/seen-data.ts';
import type { AsideOrder, DataLook, DataWork, FilesOrder, OwnOrder } from '../platform/data-work.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Link } from './docker-ask.ts';
import { runHelper, type HelperOrder } from './docker-helper.ts';
import { idsOf } from './docker-ids.ts';
import { putBackFilesProgram, removeFilesProgram } from './helper-files.ts';
import { disownProgram, lookProgram, ownProgram } from './helper-owners.ts';

/** Bounds of one look: a person waits for a plan. */
const lookSeconds = 10;
const mostEntries = 200_000;

/** Work inside volumes, by helpers: perl programs in containers that can reach nothing else. */
export const dockerData = (link: Link): DataWork => ({
  idsOf: (who, signal) => idsOf(link, who, signal),
  lookInto: (look, signal) => lookInto(link, look, signal),
  ownFiles: (order, signal) => ownFiles(link, order, signal),
  disownFiles: async (order, signal) => {
    await withAside(link, { order, what: 'give files back in', program: [disownProgram] }, signal);
  },
  removeFiles: async (order, signal) => {
    const program = [removeFilesProgram, linked(order.place), ...order.files];
    return count(await withAside(link, { order, what: 'remove files from', program }, signal));
  },
  putBackFiles: async (order: FilesOrder, signal) => {
    const program = [putBackFilesProgram, linked(order.place), ...order.files];
    await withAside(link, { order, what: 'put files back into', program }, signal);
  },
});

/** Whether a file with several names is refused: only those in a folder of the host can be somebody else's. */
const linked = ({ kind }: DataPlace): 'refuse' | 'accept' => (kind === 'bind' ? 'refuse' : 'accept');

async function lookInto(link: Link, look: DataLook, signal: AbortSignal): Promise<Omit<LookedData, 'wanted'>> {
  const order: HelperOrder = {
    what: `look into ${placeText(look.place)}`,
    image: look.image,
    mounts: [{ place: look.place, target: '/place', writable: false }],
    command: ['perl', '-e', lookProgram, ...wantedWords(look), String(lookSeconds), String(mostEntries), ...look.files],
    ...(look.userns !== undefined && { userns: look.userns }),
  };
  return lookedOf(await runHelper(link, order, { read: bytesOf, signal }));
}

async function ownFiles(link: Link, order: OwnOrder, signal: AbortSignal): Promise<number> {
  const program = [ownProgram, ...wantedWords(order)];
  return count(await withAside(link, { order, what: 'give files to their owner in', program }, signal));
}

interface WithAside {
  readonly order: AsideOrder;
  readonly what: string;
  readonly program: readonly string[];
}

/** All of them have the same two places to write to, so no two of them are ever at work there: see `runHelper`. */
function withAside(link: Link, { order, what, program }: WithAside, signal: AbortSignal): Promise<Buffer> {
  const { place, aside, image, userns } = order;
  const helper: HelperOrder = {
    what: `${what} ${placeText(place)}`,
    image,
    mounts: [
      { place, target: '/place', writable: true },
      { place: { kind: 'volume', name: aside }, target: '/aside', writable: true },
    ],
    command: ['perl', '-e', ...program],
    ...(userns !== undefined && { userns }),
  };
  return runHelper(link, helper, { read: bytesOf, signal });
}

/** What every entry should have, as the programs take it. */
function wantedWords({ ids, mode, depth, place }: Pick<DataLook, 'mode' | 'depth' | 'place'> & { readonly ids: Ids }): string[] {
  const parsed = mode === undefined ? undefined : parseFileMode(mode);
  if (parsed && !parsed.ok) throw new Error(`A plan holds a mode that is none: ${parsed.error}`);
  const clauses = (parsed?.value ?? []).map(({ mask, op, bits, ifExecutable, copy = '-', setId }) =>
    [mask, op, bits, ifExecutable ? 1 : 0, copy, setId ? 1 : 0].join(','),
  );
  const word = (number: number | undefined): string => (number === undefined ? '-' : String(number));
  return [word(ids.uid), word(ids.gid), word(depth), clauses.join(' '), linked(place)];
}

async function bytesOf(output: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const bytes of output) parts.push(bytes);
  return Buffer.concat(parts);
}

function count(output: Buffer): number {
  const text = output.toString();
  if (!/^\d+$/.test(text)) throw new EngineError('garbled', `A helper was to say a number and said "${text.slice(0, 80)}"`);
  return Number(text);
}

/** Names that are not UTF-8 are shown as far as they are. */
function lookedOf(output: Buffer): Omit<LookedData, 'wanted'> {
  const words = output.toString().split('\0');
  const said: { readonly key: string; readonly value: string; readonly more: string }[] = [];
  for (let i = 0; i < words.length - 1; i += words[i] === 'file' ? 3 : 2) {
    said.push({ key: words[i] ?? '', value: words[i + 1] ?? '', more: words[i + 2] ?? '' });
  }
  const all = (key: string): string[] => said.flatMap((each) => (each.key === key ? [each.value] : []));
  const one = (key: string): string => {
    const [value] = all(key);
    if (value === undefined) throw new EngineError('garbled', `A helper that looks into a volume did not say "${key}"`);
    return value;
  };
  const [uid = 0, gid = 0, mode = 0] = one('root').split(' ').map(Number);
  return {
    root: { uid, gid, mode },
    looked: Number(one('looked')),
    isWhole: one('whole') === '1',
    differ: Number(one('differ')),
    sample: all('sample'),
    files: fromEntries(said.flatMap(({ key, value, more }) => (key === 'file' ? [[value, Number(more)] as const] : []))),
    refused: [
      ...all('shared').map((path) => `${path} has another name too (a hard link), so it may be a file of somebody else`),
      ...all('foreign').map(
        (path) => `${path === '.' ? 'its root' : path} belongs to somebody whom this engine's containers do not know (users are mapped)`,
      ),
      ...all('unknown').map((who) => `there is no ${who} in this engine's containers (users are mapped)`),
      ...all('odd').map((path) => `${path} is no regular file; nothing else is ever removed`),
    ],
  };
}
