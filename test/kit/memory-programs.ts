import { deferred } from '../../src/lib/deferred.ts';
import type { ContainerState, SeenContainer } from '../../src/model/observed.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import type { ExecResult } from '../../src/platform/engine.ts';
import type { Behaviour } from './memory-behaviour.ts';
import { hasCheck, isActive, type Kept, type Machine } from './memory-machine.ts';
import { whyNoStart } from './memory-starts.ts';

/** The programs in the containers: they start, stop, crash, and pass or fail their health checks, and whoever watches is told. */
export interface Programs {
  start(kept: Kept): void;
  stop(kept: Kept): void;
  pause(kept: Kept): void;
  unpause(kept: Kept): void;
  signal(kept: Kept, name: string): void;
  change(kept: Kept, state: Partial<ContainerState>): void;
  tell(id: string): void;
  watch(id: string, signal: AbortSignal): AsyncIterable<ContainerState>;
  exec(kept: Kept, command: readonly string[]): ExecResult;
  log(kept: Kept): readonly string[];
}

/** A crash loop goes on until somebody stops it; this one, at last, by itself. */
const mostRestarts = 8;

/** Hears of it when a program starts, ends, is frozen or goes on. */
export type Hears = (kept: Kept, what: 'start' | 'die' | 'pause' | 'unpause') => void;

export function programs(machine: Machine, behaves: (container: SeenContainer) => Behaviour, hears: Hears = () => undefined): Programs {
  const watchers = new Map<string, Set<() => void>>();
  const tell = (id: string): void => [...(watchers.get(id) ?? [])].forEach((wake) => wake());
  const change = (kept: Kept, state: Partial<ContainerState>): void => {
    const { health, ...rest } = { ...kept.seen.state, ...state };
    const checked = health !== undefined && (rest.status === 'running' || rest.status === 'paused') ? { health } : {};
    const before = kept.seen.state.status;
    kept.seen = { ...kept.seen, state: { ...rest, ...checked } };
    const what = happened(before, rest.status);
    if (what) hears(kept, what);
    tell(kept.seen.id);
  };

  const comeUp = (kept: Kept): void => {
    readFiles(kept);
    change(kept, {
      status: 'running',
      exitCode: 0,
      error: '',
      startedAt: '2026-08-02T10:00:00Z',
      ...(hasCheck(kept.seen.settings) && { health: 'starting' }),
    });
    setImmediate(() => live(kept));
  };
  const live = (kept: Kept): void => {
    const { exits, health = 'healthy' } = behaves(kept.seen);
    if (kept.seen.state.status !== 'running' || !machine.containers.has(kept.seen.id)) return;
    if (exits !== undefined) end(kept, exits);
    else if (hasCheck(kept.seen.settings) && health !== 'never') change(kept, { health });
  };
  const end = (kept: Kept, exitCode: number): void => {
    const { restart = 'no' } = kept.seen.settings;
    const { restartCount } = kept.seen.state;
    const again = restart === 'always' || restart === 'unless-stopped' || (restart.startsWith('on-failure') && exitCode !== 0);
    if (!again || restartCount >= mostRestarts) {
      change(kept, { status: 'exited', exitCode });
      return;
    }
    change(kept, { status: 'restarting', exitCode, restartCount: restartCount + 1 });
    setImmediate(() => kept.seen.state.status === 'restarting' && comeUp(kept));
  };

  return {
    start(kept) {
      if (kept.seen.state.status === 'paused') throw new EngineError('conflict', 'cannot start a paused container, try unpause instead');
      if (isActive(kept.seen.state)) return;
      const why = whyNoStart(machine, kept);
      if (why) {
        change(kept, { error: why.message, exitCode: 128 });
        throw why;
      }
      change(kept, { restartCount: 0 });
      kept.hooked = [];
      comeUp(kept);
    },
    stop: (kept) => void (isActive(kept.seen.state) && change(kept, { status: 'exited', exitCode: 143 })),
    pause(kept) {
      if (kept.seen.state.status === 'paused') return;
      mustRun(kept);
      change(kept, { status: 'paused' });
    },
    unpause(kept) {
      if (kept.seen.state.status !== 'paused') return;
      change(kept, { status: 'running' }); // an engine says of its health what it said before, until it has looked again
      setImmediate(() => live(kept));
    },
    signal(kept, name) {
      mustRun(kept);
      if (name === 'SIGKILL') end(kept, 137);
      else readFiles(kept);
    },
    change,
    tell,
    watch: (id, signal) => watch({ machine, watchers }, id, signal),
    exec(kept, command) {
      mustRun(kept);
      const { probe, hook, health = 'healthy' } = behaves(kept.seen);
      if (command[0] === 'hook') kept.hooked?.push(command.slice(1).join(' '));
      if (command[0] === 'hook') return hook?.(command.slice(1).join(' ')) ?? { exitCode: 0, output: '' };
      return { exitCode: probe ?? (health === 'healthy' ? 0 : 1), output: '' };
    },
    log: (kept) => behaves(kept.seen).log ?? ['Started'],
  };
}

function happened(before: ContainerState['status'], now: ContainerState['status']): Parameters<Hears>[1] | undefined {
  if (before === now) return undefined;
  if (now === 'running') return before === 'paused' ? 'unpause' : 'start';
  if (now === 'paused') return 'pause';
  return now === 'exited' || now === 'restarting' ? 'die' : undefined;
}

/** A program reads its mounted files when it starts or is told to. */
function readFiles(kept: Kept): void {
  const { edited } = kept.seen;
  if (edited) kept.seen = { ...kept.seen, edited: edited.filter((path) => !path.startsWith('content.')) };
}

function mustRun({ seen }: Kept): void {
  if (seen.state.status !== 'running') throw new EngineError('conflict', `Container ${seen.name} is not running`);
}

interface Watched {
  readonly machine: Machine;
  readonly watchers: Map<string, Set<() => void>>;
}

async function* watch({ machine, watchers }: Watched, id: string, signal: AbortSignal): AsyncGenerator<ContainerState> {
  const states: ContainerState[] = [];
  let awake = deferred<true>();
  const note = (): void => {
    const seen = machine.containers.get(id)?.seen;
    if (seen) states.push(seen.state);
    awake.resolve(true);
  };
  const all = watchers.get(id) ?? new Set();
  watchers.set(id, all.add(note));
  signal.addEventListener('abort', note, { once: true });
  try {
    note();
    while (!signal.aborted) {
      const next = states.shift();
      if (next) yield next;
      else if (!machine.containers.has(id)) throw new EngineError('not-found', `The container ${id.slice(0, 12)} is gone`);
      else {
        awake = deferred<true>();
        await awake.promise;
      }
    }
  } finally {
    all.delete(note);
  }
}
