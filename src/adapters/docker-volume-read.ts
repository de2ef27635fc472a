import { EngineError } from '../platform/engine-error.ts';
import type { Engine, VolumeLook, VolumeMeasure, VolumeRead } from '../platform/engine.ts';
import type { VolumeUser } from '../model/volume-user.ts';
import { linesIn } from '../lib/lines.ts';
import { fromEntries, type ByName } from '../lib/record.ts';
import { answerOf } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { call } from './docker-call.ts';
import { runHelper, type HelperOrder } from './docker-helper.ts';
import { ownership } from './docker-inspect.ts';

type Reads = Pick<Engine, 'readVolume' | 'measureVolume' | 'volumeOwners' | 'volumeRoom' | 'volumeUsers' | 'volumeSizes'>;

/** What an engine tells of volumes: of what is in them by helpers. */
export const volumeReads = (link: Pick<Link, 'docker'>): Reads => ({
  readVolume: (read, use, signal) => readVolume(link, read, { use, signal }),
  measureVolume: (look, signal) => measureVolume(link, look, signal),
  volumeOwners: (look, signal) => volumeOwners(link, look, signal),
  volumeRoom: (look, signal) => volumeRoom(link, look, signal),
  volumeUsers: (signal) => volumeUsers(link, signal),
  volumeSizes: (signal) => volumeSizes(link, signal),
});

const root = '/volume';

/**
 * Access lists come as the attributes that the kernel keeps them in: by number, where `--acls` would write names of the helper. Times of
 * access and change are none of the data.
 */
export const createTar = (folder: string): readonly string[] => [
  ...['tar', '--create', '--file=-', '--format=pax', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'],
  ...['--sort=name', '--sparse', '--xattrs', '--xattrs-include=*', '--numeric-owner', '--one-file-system', `--directory=${folder}`, '.'],
];

/** What tar ends with when a file changed while it was read. */
const changedCode = 1;

/** The whole volume as a tar, by a helper. */
export const readVolume = (
  link: Pick<Link, 'docker'>,
  { changing, ...look }: VolumeRead,
  { use, signal }: { readonly use: (tar: AsyncIterable<Uint8Array>) => Promise<void>; readonly signal: AbortSignal },
): Promise<void> =>
  runHelper(
    link,
    { ...orderOf(look, `read volume ${look.volume}`), command: createTar(root), ...(changing && { goodCodes: [changedCode] }) },
    { read: use, signal },
  );

const orderOf = ({ volume, image, userns }: VolumeLook, what: string): Omit<HelperOrder, 'command'> => ({
  what,
  image,
  mounts: [{ place: { kind: 'volume', name: volume }, target: root, writable: false }],
  ...(userns !== undefined && { userns }),
});

/** One line an entry: kind, bytes, blocks of 512 bytes, links, inode, owner. The root comes first. */
const measureCommand = ['find', root, '-xdev', '-printf', '%y %s %b %n %i %U:%G\\n'];

/** What lies in a volume, by a helper that looks at each entry. */
const measureVolume = (link: Pick<Link, 'docker'>, look: VolumeLook, signal: AbortSignal): Promise<VolumeMeasure> =>
  runHelper(link, { ...orderOf(look, `measure volume ${look.volume}`), command: measureCommand }, { read: measured, signal });

async function measured(output: AsyncIterable<Uint8Array>): Promise<VolumeMeasure> {
  let [apparentBytes, diskBytes, entries, devices, owner] = [0, 0, 0, 0, ''];
  const linked = new Set<string>();
  for await (const [kind, bytes, blocks, links, inode = '', ids = ''] of wordsIn(output)) {
    if (entries++ === 0) owner = ids;
    if (kind === 'b' || kind === 'c') devices += 1;
    const isAgain = kind !== 'd' && links !== '1' && linked.has(inode);
    if (isAgain) continue;
    if (kind !== 'd' && links !== '1') linked.add(inode);
    if (kind === 'f') apparentBytes += Number(bytes);
    diskBytes += Number(blocks) * 512;
  }
  if (entries === 0 || !Number.isSafeInteger(apparentBytes + diskBytes)) throw noAnswer();
  return { apparentBytes, diskBytes, entries, devices, owner };
}

/** Of the root of each: one helper has them all. */
function volumeOwners(
  link: Pick<Link, 'docker'>,
  { volumes, image }: { readonly volumes: readonly string[]; readonly image: string },
  signal: AbortSignal,
): Promise<ByName<string>> {
  const mounts = volumes.map((name, i) => ({ place: { kind: 'volume', name } as const, target: `/volumes/${i}`, writable: false }));
  const command = ['find', ...mounts.map(({ target }) => target), '-maxdepth', '0', '-printf', '%U:%G\\n'];
  const read = async (output: AsyncIterable<Uint8Array>): Promise<ByName<string>> => {
    const owners: string[] = [];
    for await (const line of linesIn(output)) owners.push(line);
    return fromEntries(volumes.map((name, i) => [name, owners[i] ?? ''] as const));
  };
  return runHelper(link, { what: 'look who owns volumes', image, mounts, command }, { read, signal });
}

/** Bytes that are free where a volume lies, for somebody who is not root. */
const volumeRoom = (link: Pick<Link, 'docker'>, look: VolumeLook, signal: AbortSignal): Promise<number> =>
  runHelper(
    link,
    { ...orderOf(look, `look how much room volume ${look.volume} has`), command: ['stat', '-f', '-c', '%a %S', root] },
    { read: room, signal },
  );

async function room(output: AsyncIterable<Uint8Array>): Promise<number> {
  for await (const [blocks, size] of wordsIn(output)) {
    const bytes = Number(blocks) * Number(size);
    if (Number.isSafeInteger(bytes)) return bytes;
  }
  throw noAnswer();
}

const noAnswer = (): EngineError => new EngineError('garbled', 'A helper that looked into a volume gave no answer that makes sense');

async function* wordsIn(output: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  for await (const line of linesIn(output)) yield line.split(' ');
}

/** Of one list of containers: their mounts stand in it. */
async function volumeUsers(link: Pick<Link, 'docker'>, signal: AbortSignal): Promise<ByName<readonly VolumeUser[]>> {
  const users = new Map<string, VolumeUser[]>();
  for (const row of await ask.containers(link, signal)) {
    const owner = ownership(row.textMap('Labels'));
    const running = ['running', 'paused', 'restarting'].includes(row.text('State'));
    const name = row.texts('Names')[0]?.slice(1) ?? row.mustText('Id');
    for (const mount of row.list('Mounts')) {
      if (mount.text('Type') !== 'volume') continue;
      const user = { name, running, writes: mount.flag('RW'), ...(owner && { stack: owner.stack }) };
      users.set(mount.text('Name'), [...(users.get(mount.text('Name')) ?? []), user]);
    }
  }
  return fromEntries(users);
}

/** The engine counts every file of every volume. */
const sizesMs = 120_000;

const volumeSizes = ({ docker }: Pick<Link, 'docker'>, signal: AbortSignal): Promise<ByName<number>> =>
  call({ what: 'ask for the disk usage', signal, withinMs: sizesMs }, async (until) => {
    const answer = answerOf(await docker(until).df(), 'disk usage');
    return fromEntries(
      answer.list('Volumes').flatMap((each) => {
        const size = each.inside('UsageData').number('Size');
        return size < 0 ? [] : [[each.mustText('Name'), size] as const];
      }),
    );
  });
