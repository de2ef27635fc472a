import { untilTrue } from '../../src/lib/until-true.ts';
import { apply } from '../../src/apply/apply.ts';
import type { Desired } from '../../src/model/desired.ts';
import { driftKey } from '../../src/model/drift.ts';
import { drift } from '../../src/plan/drift.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { isUp } from '../../src/plan/services.ts';
import { watchLine } from '../../src/render/watch-lines.ts';
import { watchStack, type WatchSettings } from '../../src/watch/watch-stack.ts';
import type { MemoryEngine } from '../kit/memory-engine.ts';
import { contextOn, never } from '../kit/runs.ts';

export interface Watching {
  /** All that was told, one text a line, without the time. */
  readonly lines: readonly string[];
  readonly heals: number;
  /** Resolves once it has told so. */
  told(text: string): Promise<void>;
  /** Resolves once it has looked again. */
  looked(): Promise<void>;
  readonly ended: Promise<string>;
  end(): void;
}

/** What of the world a test decides. */
export interface Stage {
  desired: Desired;
  left: PlanOptions['left'];
  isHeld: boolean;
  nowMs: number;
}

/** A watch over a machine in memory: it looks, plans and applies as the command does, in no time. */
export function watching(engine: MemoryEngine, stage: Stage, more: Partial<WatchSettings> = {}): Watching {
  const lines: string[] = [];
  let [looks, heals] = [0, 0];
  const over = new AbortController();
  const settings: WatchSettings = {
    policy: 'report',
    intervalMs: 60_000,
    burst: { quietMs: 2, mostMs: 20 },
    retryMs: 1,
    heal: { firstMs: 1, longestMs: 600_000, most: 3 },
    ...more,
  };
  const options = (): PlanOptions => ({ ...plainOptions, left: stage.left });
  const ended = watchStack(
    {
      async look() {
        await engine.facts(never);
        const observed = engine.now();
        const found = drift(stage.desired, observed, options());
        const up = Object.values(observed.containers).filter(isUp);
        looks++;
        return { ok: true, value: { desired: stage.desired, found, up: up.map(({ id }) => id) } };
      },
      events: (sinceMs, signal) =>
        engine.stackEvents({ stack: 'shop', networks: [], volumes: [], ...(sinceMs !== undefined && { sinceMs }) }, signal),
      isHeld: () => Promise.resolve(stage.isHeld),
      async heal(drifts, onBegin) {
        if (stage.isHeld) return 'held';
        const before = engine.now();
        const targets = drifts.flatMap(({ service }) => service ?? []);
        const made = plan(stage.desired, before, { ...options(), targets, noDependencies: true, only: drifts.map(driftKey) });
        heals++;
        onBegin();
        const result = await apply(made, contextOn(engine, before));
        return result === 'applied' ? 'done' : { failed: result };
      },
      tell: (event) => void lines.push(watchLine(event, '').trim()),
      nowMs: () => (stage.nowMs += 10),
    },
    settings,
    over.signal,
  );
  const until = (ask: () => boolean): Promise<void> =>
    untilTrue(() => Promise.resolve(ask()), { firstPauseMs: 1, longestPauseMs: 5, signal: AbortSignal.timeout(3_000) });
  return {
    lines,
    get heals() {
      return heals;
    },
    told: (text) =>
      until(() => lines.some((line) => line.includes(text))).catch((error: unknown) => {
        throw new Error(`it did not tell "${text}", but:\n${lines.join('\n')}`, { cause: error });
      }),
    looked() {
      const before = looks;
      return until(() => looks > before);
    },
    ended,
    end: () => over.abort(),
  };
}
