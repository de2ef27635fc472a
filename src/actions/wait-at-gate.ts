import { anySignal } from '../lib/any-signal.ts';
import { deferred } from '../lib/deferred.ts';
import { get } from '../lib/record.ts';
import { untilTrue } from '../lib/until-true.ts';
import type { Probe } from '../model/desired.ts';
import type { ContainerState } from '../model/observed.ts';
import type { Text } from '../model/text.ts';
import type { ExecResult } from '../platform/engine.ts';
import type { World } from './define.ts';
import { exitMeaning, verdictOf, type Gate } from './gate.ts';

export interface Wait {
  readonly id: string;
  readonly gate: Gate;
  readonly probes: readonly Probe[];
  readonly restartsAtFirst: number;
  readonly healthTest?: readonly Text[];
  readonly healthTimeoutMs: number;
  readonly probeEveryMs: number;
  readonly healthRetries?: number;
}

type Eyes = Pick<World, 'engine' | 'host' | 'signal' | 'onProgress'>;

/** Why a gate did not open: in the words of its last look. */
export class GateClosed extends Error {
  override readonly name = 'GateClosed';
}

const firstPauseMs = 250;

/** What an engine takes where none are declared (20.10, 28). */
const usualRetries = 3;

/**
 * Resolves once the container is ready, with how it stood then; throws GateClosed as soon as it never will be, or with the last reason when the signal
 * aborts. The engine's events say how it stands; its health check is also run directly, because the engine's own first probe
 * comes only after a whole interval.
 */
export async function waitAtGate(wait: Wait, world: Eyes): Promise<ContainerState> {
  const over = new AbortController();
  const eyes = { ...world, signal: anySignal([world.signal, over.signal]) };
  const self = deferred<'ready'>();
  const onReady = (): void => {
    self.resolve('ready');
  };
  const seen = deferred<ContainerState>();
  const last: LastLook = { why: 'the engine has not said yet how it stands', looks: 0, isStale: false };
  try {
    // Whichever of the two is first opens the gate
    const checked = directCheck(wait, { ...eyes, last }, onReady);
    const all = Promise.all([self.promise, seen.promise, ...wait.probes.map((probe) => answered(probe, wait, { ...eyes, last }))]);
    await Promise.race([all, unlessOver(checked), follow(wait, eyes, { onReady, onSeen: seen.resolve, last }), rejectOnAbort(eyes.signal)]);
    // Nothing has happened to it since the first look, or the engine would have told
    return last.looks === 1 ? await seen.promise : await stateNow(wait, eyes);
  } catch (error) {
    if (world.signal.aborted) throw new GateClosed(last.why, { cause: error });
    throw error;
  } finally {
    over.abort();
  }
}

/** What the engine said last, for whoever waits in vain. */
interface LastLook {
  why: string;
  looks: number;
  /** It was unhealthy when the waiting began, and the engine has said nothing else since: that tells of what was before. */
  isStale: boolean;
}

interface Following {
  onReady(): void;
  onSeen(state: ContainerState): void;
  readonly last: LastLook;
}

async function stateNow({ id }: Wait, { engine, signal }: Eyes): Promise<ContainerState> {
  const state = get(await engine.states([id], signal), id);
  if (!state) throw new GateClosed('it is gone');
  return state;
}

/** Follows the container's states; never resolves, throws when it is broken for good. */
async function follow(wait: Wait, { engine, signal, onProgress }: Eyes, { onReady, onSeen, last }: Following): Promise<never> {
  let stable: ReturnType<typeof setTimeout> | undefined;
  try {
    for await (const state of engine.watch(wait.id, signal)) {
      clearTimeout(stable);
      last.looks += 1;
      last.isStale = (last.looks === 1 || last.isStale) && state.health === 'unhealthy';
      const verdict = verdictOf(wait.gate, last.isStale ? { ...state, health: 'starting' } : state, wait.restartsAtFirst);
      if (verdict.state === 'broken') throw new GateClosed(verdict.why);
      onSeen(state);
      if (verdict.state === 'ready') onReady();
      else {
        last.why = verdict.why;
        onProgress(verdict.why);
      }
      if (wait.gate.until === 'stable' && state.status === 'running') stable = setTimeout(onReady, wait.gate.forMs);
    }
  } finally {
    clearTimeout(stable);
  }
  throw new GateClosed('the engine stopped telling how it stands');
}

/** It only ends the waiting by a closed gate; that the waiting ended it is no news. */
const unlessOver = (checked: Promise<void>): Promise<never> =>
  new Promise((_, reject) => {
    checked.catch((error: unknown) => {
      if (error instanceof GateClosed) reject(error);
    });
  });

/**
 * Runs the declared health check inside: at once, then with growing pauses, one at a time, until it passes once. Where the engine's word
 * is an old one, that it is unhealthy, it is this check that finds out that it still is.
 */
async function directCheck(wait: Wait, { engine, signal, last }: Eyes & { readonly last: LastLook }, onReady: () => void): Promise<void> {
  const command = wait.gate.until === 'healthy' ? execOf(wait.healthTest) : undefined;
  if (!command) return;
  let failures = 0;
  await untilTrue(
    async () => {
      const deadline = anySignal([signal, AbortSignal.timeout(wait.healthTimeoutMs)]);
      // A container that is not up yet, or a check that hangs, is a "not yet"; the events tell if it is more than that.
      const result = await engine.exec(wait.id, { command }, deadline).catch(() => undefined);
      if (result && result.exitCode !== 0) {
        last.why = failedCheck(result);
        failures += 1;
        if (last.isStale && failures >= (wait.healthRetries ?? usualRetries)) throw new GateClosed('its health check fails');
      }
      return result?.exitCode === 0;
    },
    { firstPauseMs, longestPauseMs: wait.probeEveryMs, signal },
  );
  onReady();
}

function failedCheck({ exitCode, output }: ExecResult): string {
  const said = output.trim().split('\n').at(-1);
  return `its health check has not passed yet, it ends with ${exitMeaning(exitCode)}${said ? ` and says: ${said}` : ''}`;
}

async function answered(probe: Probe, wait: Wait, { engine, host, signal, last }: Eyes & { readonly last: LastLook }): Promise<void> {
  if (probe.kind === 'stable') return; // the gate itself waits for it
  const asks = async (): Promise<boolean> => {
    if (probe.kind === 'log') {
      const lines = await engine.logs(wait.id, 1000, signal);
      last.why = `its log does not say "${probe.text}"`;
      return lines.some((line) => line.includes(probe.text));
    }
    const answer = await host.answers(probe, anySignal([signal, AbortSignal.timeout(wait.healthTimeoutMs)]));
    if (answer !== 'yes') last.why = answer.why;
    return answer === 'yes';
  };
  await untilTrue(asks, { firstPauseMs, longestPauseMs: wait.probeEveryMs, signal });
}

/** ["CMD", "a", "b"] runs as it stands; ["CMD-SHELL", text] in the container's own shell, as the engine does. */
function execOf(test: readonly Text[] | undefined): readonly Text[] | undefined {
  const [kind, ...words] = test ?? [];
  if (kind === 'CMD') return words;
  return kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : undefined;
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}
