import { basename, dirname } from 'node:path/posix';
import { linesIn } from '../lib/lines.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { VolumeExchange } from '../platform/engine.ts';
import { ask, type Link } from './docker-ask.ts';
import { runHelper } from './docker-helper.ts';
import { isRunning } from './docker-inspect.ts';
import { usersOfVolume } from './docker-volume-users.ts';
import { exchangeProgram } from './helper-exchange.ts';

/** Lets two plain volumes of the local driver change what is in them. Works in the folder above both, where the engine keeps them. */
export async function exchangeVolumes(link: Link, { volume, fresh, way, image }: VolumeExchange, signal: AbortSignal): Promise<void> {
  await mustBeAtRest(link, [volume, fresh], signal);
  await besideEachOther(link, { volume, fresh, image, word: way }, { writable: true, signal });
}

/** Whether the one has what was in the other at first. */
export async function areExchanged(link: Link, volumes: Omit<VolumeExchange, 'way'>, signal: AbortSignal): Promise<boolean> {
  return (await besideEachOther(link, { ...volumes, word: 'look' }, { writable: false, signal })) === 'there';
}

type Order = Omit<VolumeExchange, 'way'> & { readonly word: VolumeExchange['way'] | 'look' };

/** Runs the program in the folder above both; what it prints. */
async function besideEachOther(
  link: Link,
  { volume, fresh, image, word }: Order,
  { writable, signal }: { readonly writable: boolean; readonly signal: AbortSignal },
): Promise<string> {
  const [above, other] = await Promise.all([volume, fresh].map((name) => folderAbove(link, name, signal)));
  if (above === undefined || above !== other)
    throw new EngineError('refused', `Volumes ${volume} and ${fresh} do not lie beside each other: they cannot be switched`);
  return runHelper(
    link,
    {
      what: `${word === 'look' ? 'see how they stand:' : 'switch'} volume ${volume} with ${fresh}`,
      image,
      mounts: [{ place: { kind: 'bind', path: above }, target: '/volumes', writable }],
      command: ['perl', '-e', exchangeProgram, volume, fresh, word],
      // The folder above belongs to the engine's own root, also where containers have users of their own
      userns: 'host',
    },
    { read: firstLine, signal },
  );
}

async function firstLine(output: AsyncIterable<Uint8Array>): Promise<string> {
  let first = '';
  for await (const line of linesIn(output)) first ||= line;
  return first;
}

/** Where the engine keeps all its plain volumes: "/var/lib/docker/volumes". */
async function folderAbove(link: Link, name: string, signal: AbortSignal): Promise<string | undefined> {
  const row = await ask.volume(link, name, signal);
  if (!row) throw new EngineError('not-found', `There is no volume ${name}`);
  const at = row.text('Mountpoint');
  const isPlain = row.mustText('Driver') === 'local' && row.names('Options').length === 0;
  const isUsual = basename(at) === '_data' && basename(dirname(at)) === name;
  return isPlain && isUsual ? dirname(dirname(at)) : undefined;
}

/** A program that runs would go on with what it had. */
async function mustBeAtRest(link: Link, names: readonly string[], signal: AbortSignal): Promise<void> {
  const users = (await Promise.all(names.map((name) => usersOfVolume(link, name, signal)))).flat();
  const [user] = users.filter((row) => isRunning(row.mustText('State')));
  if (user) throw new EngineError('conflict', `container ${user.texts('Names').join()} runs, and mounts what is to be switched`);
}
