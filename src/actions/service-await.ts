import { get } from '../lib/record.ts';
import type { Probe } from '../model/desired.ts';
import type { Text } from '../model/text.ts';
import { idOf, mismatch, touchUnlessMade, withContainer, type ContainerRef } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';
import type { Gate } from './gate.ts';
import { waitAtGate } from './wait-at-gate.ts';

interface Args extends ContainerRef {
  readonly gate: Gate;
  readonly probes: readonly Probe[];
  readonly timeoutMs: number;
  /** The health check to run directly while it starts: absent when there is none. */
  readonly healthTest?: readonly Text[];
  /** Of one run of that check. */
  readonly healthTimeoutMs: number;
  /** Longest pause between two runs of that check. */
  readonly probeEveryMs: number;
  /** How often it may fail in a row; absent: as often as an engine lets it. */
  readonly healthRetries?: number;
}

export const serviceAwait: ActionKind<Args> = defineAction<Args>('service.await', {
  symbol: '?',
  gives: 'ready',
  cancellable: true,
  target: ({ name }) => name,
  label: ({ name, gate }) => `wait until ${name} ${wanted[gate.until]}`,
  timeoutMs: ({ timeoutMs }) => timeoutMs,
  touches: (ref) => [touchUnlessMade(ref)],
  guard: mismatch,
  simulate: ({ name, gate }, now) =>
    withContainer(name, now, (seen) => {
      if (gate.until === 'completed') return { ...seen, state: { ...seen.state, status: 'exited', exitCode: 0 } };
      return gate.until === 'healthy' ? { ...seen, state: { ...seen.state, health: 'healthy' } } : seen;
    }),
  undo: () => 'not-needed',
  async run(args, { now, remember, ...world }) {
    const restartsAtFirst = get(now.containers, args.name)?.state.restartCount ?? 0;
    const state = await waitAtGate({ ...args, id: idOf(args, now), restartsAtFirst }, world);
    remember(withContainer(args.name, now, (seen) => ({ ...seen, state })));
  },
});

const wanted: { readonly [until in Gate['until']]: string } = {
  healthy: 'is healthy',
  completed: 'has completed',
  answering: 'answers',
  stable: 'runs stably',
};
