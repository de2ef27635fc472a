import { relative } from 'node:path';
import { writeAtomically } from '../adapters/atomic-file.ts';
import { anySignal } from '../lib/any-signal.ts';
import { messageOf } from '../lib/message-of.ts';
import { fromEntries, get, names } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import { digestOf } from '../model/image-of.ts';
import type { Problem } from '../model/problem.ts';
import { place } from '../plan/place.ts';
import { readLock, type LockedImages } from '../spec/read-lock.ts';
import type { ExitCode, Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import { lockText } from './lock-text.ts';
import { lockFileOf } from './open-locked.ts';
import { openStack, type OpenStack } from './open-stack.ts';
import { resolveLock } from './resolve-lock.ts';
import { refuse } from './screen.ts';

const askMs = 60_000;

/** Writes down which image each reference of the stack stands for now; with --check only says whether that would change anything (2). */
export async function runLock(invocation: Invocation): Promise<ExitCode> {
  const opened = await openStack(invocation);
  if (!opened.ok) return refuse(opened.error, invocation);
  const file = lockFileOf(opened.value.request.files);
  const before = await readLock(file, invocation.io.cwd);
  if (!before.ok) return refuse(before.error, invocation);
  const after = await lockedNow(opened.value, before.value ?? {}, invocation);
  if (!after.ok) return refuse(after.error, invocation);
  const changed = before.value === undefined || lockText(before.value) !== lockText(after.value);
  if (changed && !invocation.flags.check) {
    const written = await write(file, after.value);
    if (!written.ok) return refuse(written.error, invocation);
  }
  tell({ file, before: before.value ?? {}, after: after.value, changed }, invocation);
  return changed && invocation.flags.check ? 2 : 0;
}

/** The chosen services' images as they are now, the others as they were locked. What nothing uses any more goes, if all were asked for. */
async function lockedNow(
  { setup }: OpenStack,
  before: LockedImages,
  { positionals, cancel }: Invocation,
): Promise<Result<LockedImages, readonly Problem[]>> {
  const { desired } = setup.stack;
  const unknown = positionals.filter((name) => !get(desired.services, name)).map((name) => noService(name, desired));
  if (unknown.length > 0) return fail(unknown);
  const chosen = positionals.length > 0 ? positionals : names(desired.services);
  const references = new Set(chosen.flatMap((name) => desired.services[name]?.settings.image ?? []));
  const asked = [...references].filter((image) => digestOf(image) === undefined);
  try {
    const signal = anySignal([cancel, AbortSignal.timeout(askMs)]);
    const { images, missing } = await resolveLock(asked, { desired, engine: setup.platform.engine, signal });
    if (missing.length > 0) return fail(missing.map((image) => nowhere(image, desired)));
    const used = new Set(Object.values(desired.services).map(({ settings }) => settings.image));
    const kept = names(before).filter((image) => positionals.length > 0 || desired.inactiveServices.length > 0 || used.has(image));
    return ok({ ...fromEntries(kept.flatMap((image) => (before[image] ? [[image, before[image]] as const] : []))), ...images });
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}

const noService = (name: string, { services }: Desired): Problem => ({
  code: 'unknown-service',
  severity: 'error',
  message: `there is no service ${name}`,
  hint: `the stack has: ${names(services).join(', ')}`,
});

function nowhere(image: string, desired: Desired): Problem {
  const user = names(desired.services).find((name) => desired.services[name]?.settings.image === image) ?? '';
  const message = `nobody can say which image ${image} is: its registry does not answer for it, and it is not here`;
  const hint = 'see that the registry can be reached, or load the image';
  return { code: 'image-unknown', severity: 'error', message, ...place(desired, `services.${user}.image`), hint };
}

/** Others read it too: it is committed. */
const readableByAll = 0o644;

async function write(file: string, images: LockedImages): Promise<Result<void, readonly Problem[]>> {
  try {
    await writeAtomically(file, lockText(images), { mode: readableByAll });
    return ok(undefined);
  } catch (error) {
    return fail([{ code: 'lock-not-written', severity: 'error', message: `${file} could not be written: ${messageOf(error)}` }]);
  }
}

interface Told {
  readonly file: string;
  readonly before: LockedImages;
  readonly after: LockedImages;
  readonly changed: boolean;
}

function tell({ file, before, after, changed }: Told, { io, flags }: Invocation): void {
  if (flags.json) return void io.stdout.write(`${JSON.stringify({ format_version: '1.0', file, changed, images: after }, undefined, 2)}\n`);
  const lines = names({ ...before, ...after }).flatMap((image) => {
    const [was, is] = [shown(get(before, image)), shown(get(after, image))];
    if (was === is) return [];
    return was === '' ? [`+ ${image} = ${is}`] : is === '' ? [`- ${image}`] : [`~ ${image}: ${was} → ${is}`];
  });
  const name = relative(io.cwd, file);
  const end = !changed
    ? `${name} is as it should be.`
    : flags.check
      ? `${name} would change.`
      : `Wrote ${name}; commit it with the stack file.`;
  io.stdout.write([...lines, end, ''].join('\n'));
}

const shown = (locked: LockedImages[string] | undefined): string =>
  locked === undefined ? '' : 'digest' in locked ? locked.digest : `${locked.id} (id on this engine)`;
