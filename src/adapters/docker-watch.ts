import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { ContainerState } from '../model/observed.ts';
import { EngineError } from '../platform/engine-error.ts';
import { ask, type Link } from './docker-ask.ts';
import { call, lookMs } from './docker-call.ts';
import { connectionError } from './docker-failure.ts';
import { containerState } from './docker-inspect.ts';
import { jsonLines, streamOf } from './docker-stream.ts';

/** Events after which a container may stand otherwise. Both engines' words; the rest, such as each exec of a health check, stays away. */
const relevant = ['start', 'die', 'died', 'stop', 'kill', 'oom', 'pause', 'unpause', 'restart', 'destroy', 'remove', 'health_status'];

type Listener = (event: string | EngineError) => void;

/** The engine's events, by one stream for all who listen; it stays open for the next, but keeps the program only while somebody does. */
interface EventFeed {
  /** Resolves when the stream is open; what it resolves to ends the listening. */
  join(id: string, listener: Listener, signal: AbortSignal): Promise<() => void>;
}

interface OpenFeed {
  readonly listeners: Map<Listener, string>;
  readonly opened: Promise<Readable>;
}

export function eventFeed(link: Link): EventFeed {
  let feed: OpenFeed | undefined;
  const leave = (listener: Listener, from: OpenFeed): void => {
    from.listeners.delete(listener);
    if (from.listeners.size === 0) holdOpen(from, false);
  };
  return {
    async join(id, listener, signal) {
      const joined = (feed ??= openFeed(link, (ended) => (feed = feed === ended ? undefined : feed)));
      joined.listeners.set(listener, id);
      holdOpen(joined, true);
      try {
        await call({ what: 'listen to events', signal }, () => joined.opened);
      } catch (error) {
        leave(listener, joined);
        throw error;
      }
      return () => leave(listener, joined);
    },
  };
}

/** Whether the program has to stay because of the stream. */
function holdOpen({ opened }: OpenFeed, hold: boolean): void {
  const change = (stream: Readable): void => {
    const { socket } = stream as Partial<IncomingMessage>;
    if (hold) socket?.ref();
    else socket?.unref();
  };
  opened.then(change, () => undefined);
}

function openFeed(link: Link, onEnd: (feed: OpenFeed) => void): OpenFeed {
  const listeners = new Map<Listener, string>();
  const opened = call({ what: 'listen to events', signal: new AbortController().signal, withinMs: lookMs }, async (until) => {
    // Docker sends its headers a moment before it listens: since closes that gap, and an event told twice does no harm
    const since = Math.floor(Date.now() / 1000) - 1;
    const answer: unknown = await link.docker(until).getEvents({ since, filters: { type: ['container'], event: relevant } });
    return streamOf(answer, 'events');
  });
  const feed: OpenFeed = { listeners, opened };
  const read = async (): Promise<void> => {
    for await (const event of jsonLines(await opened, 'events')) {
      const id = event.inside('Actor').text('ID') || event.text('id');
      const action = event.text('Action') || event.text('status');
      for (const [listener, wanted] of [...listeners]) if (wanted === id) listener(action);
    }
    throw new EngineError('unreachable', 'The engine ended its stream of events');
  };
  // What it failed of is told to whoever listens; with nobody left to tell it is no news
  read().catch((error: unknown) => {
    onEnd(feed);
    for (const listener of [...listeners.keys()]) listener(connectionError(error, 'events'));
  });
  return feed;
}

/** The container's state now, and again after each event that concerns it. Listens before it looks, so that nothing falls between. */
export async function* watchContainer(
  link: Link,
  feed: EventFeed,
  { id, signal }: { readonly id: string; readonly signal: AbortSignal },
): AsyncGenerator<ContainerState> {
  const inbox = createInbox(signal);
  let leave: (() => void) | undefined;
  try {
    leave = await feed.join(id, inbox.put, signal);
    while (!signal.aborted) {
      inbox.empty();
      const answer = await ask.container(link, id, signal);
      if (!answer) throw new EngineError('not-found', `The container ${id.slice(0, 12)} is gone`);
      const state = containerState(answer, link.vault);
      // That it was started is no news of one that runs: it would have ended first, and that is told as well
      inbox.ignore(state.status === 'running' ? 'start' : undefined);
      yield state;
      await inbox.filled();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    leave?.();
  }
}

interface Inbox {
  put: Listener;
  empty(): void;
  /** An event that changes nothing as long as this stands. */
  ignore(event: string | undefined): void;
  /** Resolves when an event has come since it was emptied, or the signal aborts; rejects when the stream broke. */
  filled(): Promise<void>;
}

function createInbox(signal: AbortSignal): Inbox {
  const events = new Set<string>();
  let ignored: string | undefined;
  let broken: EngineError | undefined;
  let wake = (): void => undefined;
  signal.addEventListener('abort', () => wake(), { once: true });
  return {
    put(event) {
      if (event === ignored) return;
      if (typeof event === 'string') events.add(event);
      else broken ??= event;
      wake();
    },
    empty() {
      events.clear();
      ignored = undefined;
    },
    ignore(event) {
      ignored = event;
      if (event !== undefined) events.delete(event);
    },
    async filled() {
      if (events.size === 0 && !broken && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      if (broken) throw broken;
    },
  };
}
