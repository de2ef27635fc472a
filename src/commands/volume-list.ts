import { anySignal } from '../lib/any-signal.ts';
import { get } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { VolumeSpec } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import type { Engine } from '../platform/engine.ts';
import { jsonText } from '../render/json-text.ts';
import { volumesJson, volumesText, type VolumesShown } from '../render/volumes-text.ts';
import type { ExitCode, Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import { namedVolumes } from './named-volumes.ts';
import { openBackups, type OpenBackups } from './open-backups.ts';
import { refuse, styleOf } from './screen.ts';

/** Shows the stack's volumes, with size, owner, users and last backup, and all backups. Reads only. */
export async function runVolumeList(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, positionals } = invocation;
  const open = await openBackups(invocation);
  if (!open.ok) return refuse(open.error, invocation);
  const volumes = namedVolumes(positionals, open.value.opened.setup.stack.desired);
  if (!volumes.ok) return refuse(volumes.error, invocation);
  const shown = await look(volumes.value, open.value, invocation);
  if (!shown.ok) return invocation.cancel.aborted ? 130 : refuse(shown.error, invocation);
  if (flags.json) io.stdout.write(`${jsonText(volumesJson(shown.value), 2)}\n`);
  else io.stdout.write(volumesText(shown.value, styleOf(invocation, io.stdout)));
  return 0;
}

const lookMs = 180_000;

async function look(
  volumes: readonly VolumeSpec[],
  { opened, listed }: OpenBackups,
  { cancel, positionals }: Invocation,
): Promise<Result<VolumesShown, readonly Problem[]>> {
  const { platform, stack, backups } = opened.setup;
  const signal = anySignal([cancel, AbortSignal.timeout(lookMs)]);
  const names = volumes.map(({ name }) => name);
  try {
    const touches = [
      { kind: 'image', name: stack.desired.helperImage } as const,
      ...names.map((name) => ({ kind: 'volume', name }) as const),
    ];
    const [seen, sizes, users, free] = await Promise.all([
      platform.engine.glance(touches, signal),
      platform.engine.volumeSizes(signal),
      platform.engine.volumeUsers(signal),
      backups.room(),
    ]);
    const there = names.filter((name) => get(seen.volumes, name));
    // Nothing is pulled to show a table
    const inside = get(seen.images, stack.desired.helperImage)
      ? await insideOf(there, stack.desired.helperImage, { ...platform, signal })
      : {};
    const shown = names.map((name) => {
      const [bytes, owner] = [get(sizes, name), get(inside.owners ?? {}, name)];
      const isThere = there.includes(name);
      return { name, isThere, users: get(users, name) ?? [], ...(bytes !== undefined && { bytes }), ...(owner !== undefined && { owner }) };
    });
    const kept = listed.filter(({ volume }) => positionals.length === 0 || names.includes(volume));
    return ok({ volumes: shown, backups: kept, room: { backups: free, ...(inside.room !== undefined && { volumes: inside.room }) } });
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}

interface Inside {
  readonly owners?: { readonly [name: string]: string };
  readonly room?: number;
}

async function insideOf(
  volumes: readonly string[],
  image: string,
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
): Promise<Inside> {
  const [first] = volumes;
  if (first === undefined) return {};
  const [owners, room] = await Promise.all([
    engine.volumeOwners({ volumes, image }, signal),
    engine.volumeRoom({ volume: first, image }, signal),
  ]);
  return { owners, room };
}
