import { anySignal } from '../lib/any-signal.ts';
import { get, type ByName } from '../lib/record.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { StackEvent, StackEventsQuery } from '../platform/engine.ts';
import type { Answer } from './docker-answer.ts';
import { ask, type Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { connectionError } from './docker-failure.ts';
import { labelNames } from './docker-labels.ts';
import { lockName } from './docker-lock-seen.ts';
import { jsonLines, streamOf } from './docker-stream.ts';

/** After these something may not be as it was; the rest, such as each exec of a health check, stays with the engine. Both engines' words. */
const relevant = [
  ...['create', 'start', 'die', 'died', 'stop', 'kill', 'pause', 'unpause', 'rename', 'update', 'destroy', 'remove'],
  ...['connect', 'disconnect'],
];
const kinds = ['container', 'network', 'volume'] as const;
/** What Podman calls otherwise. */
const dockerWords: ByName<string> = { died: 'die', remove: 'destroy' };

/** The engine's events, as far as they are of the stack: see Engine.stackEvents. */
export async function stackEvents(link: Link, query: StackEventsQuery, signal: AbortSignal): Promise<AsyncIterable<StackEvent>> {
  // Docker sends its headers a moment before it listens: since closes that gap, and an event told twice does no harm
  const since = Math.floor((query.sinceMs ?? Date.now() - 1000) / 1000);
  const stream = await call({ what: 'listen to events', signal, withinMs: lookMs }, async (until) => {
    const docker = link.docker(anySignal([until, signal]));
    const filters = { type: [...kinds], event: relevant };
    return streamOf(await docker.getEvents({ since, filters }), 'events');
  });
  const listed = await ask.containers(link, signal);
  const own = listed.filter((each) => each.textMap('Labels')[labelNames.stack] === query.stack);
  const ids = new Set(own.map((each) => each.text('Id')));
  return listen(jsonLines(stream, 'events'), { query, ids }, { signal, close: () => stream.destroy() });
}

interface Mine {
  readonly query: StackEventsQuery;
  /** Of the stack's containers, so that what is connected to a network that is not the stack's is heard of as well. */
  readonly ids: Set<string>;
}

interface Ends {
  readonly signal: AbortSignal;
  close(): void;
}

async function* listen(lines: AsyncIterable<Answer>, mine: Mine, { signal, close }: Ends): AsyncGenerator<StackEvent> {
  try {
    for await (const line of lines) {
      const of = whoseIs(line, mine);
      if (of) yield eventOf(line, of);
    }
    if (!signal.aborted) throw new EngineError('unreachable', 'The engine ended its stream of events');
  } catch (error) {
    if (!signal.aborted) throw connectionError(error, 'events');
  } finally {
    close();
  }
}

/** Undefined: nothing of the stack. */
function whoseIs(line: Answer, { query, ids }: Mine): StackEvent['of'] | undefined {
  const actor = line.inside('Actor');
  const attributes = actor.textMap('Attributes');
  switch (line.text('Type')) {
    case 'container':
      if (get(attributes, 'name') === lockName(query.stack)) return 'lock';
      if (get(attributes, labelNames.stack) !== query.stack) return undefined;
      ids.add(actor.text('ID'));
      return 'container';
    case 'network':
      return query.networks.includes(get(attributes, 'name') ?? '') || ids.has(get(attributes, 'container') ?? '') ? 'network' : undefined;
    case 'volume':
      return query.volumes.includes(actor.text('ID')) ? 'volume' : undefined;
    default:
      return undefined;
  }
}

function eventOf(line: Answer, of: StackEvent['of']): StackEvent {
  const attributes = line.inside('Actor').textMap('Attributes');
  const action = line.text('Action');
  const [exitCode, signal] = [get(attributes, 'exitCode') ?? get(attributes, 'containerExitCode'), get(attributes, 'signal')];
  return {
    of,
    id: line.inside('Actor').text('ID'),
    what: dockerWords[action] ?? action,
    atMs: Math.floor(line.number('timeNano') / 1e6),
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    ...(signal !== undefined && { signal: Number(signal) }),
  };
}
