import { hostname } from 'node:os';
import { answersOf, type Answer } from './docker-answer.ts';
import { anySignal } from '../lib/any-signal.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { fullId } from './docker-inspect.ts';
import { usersOfVolume } from './docker-volume-users.ts';
import { isAlive } from './is-alive.ts';

/** Label of every helper; its value says what it is there for. */
export const helperLabel = 'io.stackctl.helper';

/** Says which process runs it: "HOST PID". */
export const helperOwnerLabel = 'io.stackctl.helper.by';

export const helperOwner = (): string => `${hostname()} ${process.pid}`;

/**
 * Takes away what a process of this host made and was killed before it could start it: an engine removes by itself only what has run. Those
 * of other hosts may be alive.
 */
export async function removeNeverStarted({ docker }: Pick<Link, 'docker'>, signal: AbortSignal): Promise<void> {
  const filters = { label: [helperLabel], status: ['created'] };
  const made = await call({ what: 'list helpers', signal, withinMs: lookMs }, async (until) =>
    answersOf(await docker(until).listContainers({ all: true, filters }), 'containers'),
  );
  const dead = made.filter((row) => isOfTheDead(row.inside('Labels').text(helperOwnerLabel)));
  await Promise.all(dead.map((row) => removeHelper({ docker }, fullId(row))));
}

/** Ends every helper of a volume that is to go: nobody else has any business in it. Whether there was one. */
export async function endHelpersOf(link: Pick<Link, 'docker'>, volume: string, signal: AbortSignal): Promise<boolean> {
  const helpers = (await usersOfVolume(link, volume, signal)).filter(isHelper);
  await Promise.all(helpers.map((row) => removeHelper(link, fullId(row))));
  return helpers.length > 0;
}

const isHelper = (row: Answer): boolean => row.inside('Labels').text(helperLabel) !== '';

function isOfTheDead(by: string): boolean {
  const [host, pid] = by.split(' ');
  return host === hostname() && !isAlive(Number(pid));
}

/**
 * Ends it too, and takes along the volumes that the engine made for it: nothing was ever in them. It may be gone already, or be going: it
 * goes by itself. What it had is free when this comes back.
 */
export async function removeHelper(link: Pick<Link, 'docker'>, id: string): Promise<void> {
  const given = new AbortController();
  const signal = anySignal([given.signal, AbortSignal.timeout(lookMs)]);
  const what = 'remove a helper';
  const gone = call({ what, signal }, (until) => link.docker(until).getContainer(id).wait({ condition: 'removed' })).catch(() => undefined);
  try {
    await call({ what, signal }, async (until) => void (await link.docker(until).getContainer(id).remove({ force: true, v: true })));
  } catch (error) {
    const isGoing = error instanceof EngineError && error.code === 'conflict';
    if (!isGoing) given.abort();
  }
  await gone;
}
