import { get, mapValues } from '../lib/record.ts';
import type { Desired } from '../model/desired.ts';
import type { Setting, ToolSettings } from './tool-settings.ts';

/** The stack with the timeouts that hold: a flag beats what its files say, and they beat the defaults. */
export function withTimeouts(desired: Desired, settings: ToolSettings): Desired {
  const { pullTimeoutMs, readyTimeoutMs } = settings;
  const isDeclared = (path: string): boolean => get(desired.places, path) !== undefined;
  const pick = (path: string, declaredMs: number, setting: Setting<number | undefined>): number =>
    setting.by === 'flag' || !isDeclared(path) ? (setting.value ?? declaredMs) : declaredMs;

  const timeoutMs = pick('x-stack.timeout', desired.timeoutMs, settings.timeoutMs);
  const rollbackMs = isDeclared('x-stack.rollback_timeout') ? desired.rollbackTimeoutMs : timeoutMs;
  return {
    ...desired,
    timeoutMs,
    rollbackTimeoutMs: pick('x-stack.rollback_timeout', rollbackMs, settings.rollbackTimeoutMs),
    services: mapValues(desired.services, (service, name) => {
      const path = `services.${name}.x-stack.timeout`;
      const { pullMs, readyMs } = service.timeouts;
      const picked = { pullMs: pick(`${path}.pull`, pullMs, pullTimeoutMs), readyMs: pick(`${path}.ready`, readyMs, readyTimeoutMs) };
      return { ...service, timeouts: { ...service.timeouts, ...picked } };
    }),
  };
}
