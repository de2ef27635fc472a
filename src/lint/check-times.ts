import { parseDuration } from '../lib/duration.ts';
import type { DeclaredService } from '../spec/declared.ts';

export interface CheckTimes {
  readonly intervalMs: number;
  readonly startPeriodMs: number;
  readonly retries: number;
}

/** How a declared health check is timed, with the engine's defaults filled in; undefined if none is declared, or it is switched off. */
export function checkTimes({ healthcheck }: DeclaredService): CheckTimes | undefined {
  if (!healthcheck || healthcheck.disable === true || healthcheck.test === undefined || healthcheck.test[0] === 'NONE') return undefined;
  return {
    intervalMs: parseDuration(healthcheck.interval ?? '') ?? 30_000,
    startPeriodMs: parseDuration(healthcheck.start_period ?? '') ?? 0,
    retries: healthcheck.retries ?? 3,
  };
}
