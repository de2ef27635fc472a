import { fromEntries, get, type ByName } from '../lib/record.ts';
import type { RemovedContainer } from '../platform/engine.ts';
import type { Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { jsonLines, streamOf } from './docker-stream.ts';

/** Podman's word is the second one. */
const removal = ['destroy', 'remove'];

/** By the engine's last events (Docker keeps 256 in memory, and none over a restart): see Engine.removed. */
export async function removedContainers(link: Link, ids: readonly string[], signal: AbortSignal): Promise<ByName<RemovedContainer>> {
  const untilSeconds = Math.floor(Date.now() / 1000) + 1;
  return call({ what: 'ask for removed containers', signal, withinMs: lookMs }, async (until) => {
    const filters = { type: ['container' as const], event: removal, container: [...ids] };
    const stream = streamOf(await link.docker(until).getEvents({ since: 1, until: untilSeconds, filters }), 'events');
    const found: [string, RemovedContainer][] = [];
    for await (const event of jsonLines(stream, 'events')) {
      const actor = event.inside('Actor');
      const name = get(actor.textMap('Attributes'), 'name');
      if (name !== undefined) found.push([actor.text('ID'), { name, atMs: Math.floor(event.number('timeNano') / 1e6) }]);
    }
    return fromEntries(found);
  });
}
