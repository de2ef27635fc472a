import { answersOf, type Answer } from './docker-answer.ts';
import type { Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';

/** The containers that mount a volume, running or not, as the list of containers has them. */
export async function usersOfVolume({ docker }: Pick<Link, 'docker'>, volume: string, signal: AbortSignal): Promise<readonly Answer[]> {
  const rows = await call({ what: `list who mounts ${volume}`, signal, withinMs: lookMs }, async (until) =>
    answersOf(await docker(until).listContainers({ all: true, filters: { volume: [volume] } }), 'containers'),
  );
  // The filter also takes the name for a path in a container
  return rows.filter((row) => row.list('Mounts').some((mount) => mount.text('Name') === volume));
}
