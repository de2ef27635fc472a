import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Defaults, StackConfig } from '../config.ts';
import { parseDuration } from '../lib/duration.ts';
import { get, type ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { builtInHelperImage } from '../model/helper-image.ts';
import type { Problem } from '../model/problem.ts';

/** A value, and who said so. */
export interface Setting<Value> {
  readonly value: Value;
  readonly by: 'flag' | 'environment' | 'config' | 'built-in';
  /** As people name it: "--timeout", "COMPOSE_PARALLEL_LIMIT", "stack.config.yaml:4". */
  readonly from: string;
}

/** How stackctl itself works, beside what the stack files say. */
export interface ToolSettings {
  /** Of the whole way forward. `x-stack.timeout` stands between the flag and the rest: see with-timeouts.ts. */
  readonly timeoutMs: Setting<number>;
  /** Undefined: as long as the way forward. */
  readonly rollbackTimeoutMs: Setting<number | undefined>;
  /** Undefined: what the specification layer fills in. */
  readonly pullTimeoutMs: Setting<number | undefined>;
  readonly readyTimeoutMs: Setting<number | undefined>;
  readonly parallelism: Setting<number>;
  /** Absolute. */
  readonly stateDir: Setting<string>;
  /** Of the containers that work inside volumes. */
  readonly helperImage: Setting<string>;
  readonly progress: Setting<NonNullable<Defaults['progress']>>;
}

export interface SettingSources {
  /** As far as flags say anything; durations in milliseconds. */
  readonly flags: {
    readonly timeout: number | undefined;
    readonly waitTimeout: number | undefined;
    readonly rollbackTimeout: number | undefined;
    readonly parallelism: number | undefined;
    readonly progress: Defaults['progress'];
  };
  readonly environment: ByName<string>;
  readonly cwd: string;
  readonly config: StackConfig | undefined;
}

/** Flags beat the environment, that beats stack.config.yaml, that beats what is built in. */
export function toolSettings(sources: SettingSources): Result<ToolSettings, readonly Problem[]> {
  const { flags, config } = sources;
  const limit = parallelLimit(sources.environment);
  if (!limit.ok) return limit;
  const said = <Key extends keyof Defaults>(key: Key): Setting<NonNullable<Defaults[Key]>> | undefined => {
    const value = config?.defaults[key];
    return value === undefined ? undefined : { value, by: 'config', from: config?.placeOf('defaults', key) ?? '' };
  };
  const saidMs = (key: 'timeout' | 'rollback_timeout' | 'pull_timeout' | 'ready_timeout'): Setting<number> | undefined => {
    const setting = said(key);
    return setting && { ...setting, value: parseDuration(setting.value) ?? 0 };
  };
  return ok({
    timeoutMs: byFlag('timeout', flags.timeout) ?? byFlag('wait-timeout', flags.waitTimeout) ?? saidMs('timeout') ?? builtIn(10 * 60_000),
    rollbackTimeoutMs: byFlag('rollback-timeout', flags.rollbackTimeout) ?? saidMs('rollback_timeout') ?? builtIn(undefined),
    pullTimeoutMs: saidMs('pull_timeout') ?? builtIn(undefined),
    readyTimeoutMs: saidMs('ready_timeout') ?? builtIn(undefined),
    parallelism: byFlag('parallelism', flags.parallelism) ?? limit.value ?? said('parallelism') ?? builtIn(16),
    stateDir: stateDirByEnvironment(sources) ?? said('state_dir') ?? builtIn(usualStateDir(sources.environment)),
    helperImage: byEnvironment('STACKCTL_HELPER_IMAGE', sources) ?? said('helper_image') ?? builtIn(builtInHelperImage),
    progress: byFlag('progress', flags.progress) ?? said('progress') ?? builtIn('auto'),
  });
}

const builtIn = <Value>(value: Value): Setting<Value> => ({ value, by: 'built-in', from: 'built in' });

const byFlag = <Value>(name: string, value: Value | undefined): Setting<Value> | undefined =>
  value === undefined ? undefined : { value, by: 'flag', from: `--${name}` };

/** As in Docker Compose, 0 and less say nothing. */
function parallelLimit(environment: ByName<string>): Result<Setting<number> | undefined, readonly Problem[]> {
  const text = get(environment, 'COMPOSE_PARALLEL_LIMIT');
  if (text === undefined || text === '') return ok(undefined);
  const message = `COMPOSE_PARALLEL_LIMIT must be a whole number, not "${text}"`;
  if (!/^-?\d{1,6}$/.test(text)) return fail([{ code: 'bad-setting', severity: 'error', message }]);
  return ok(Number(text) > 0 ? { value: Number(text), by: 'environment', from: 'COMPOSE_PARALLEL_LIMIT' } : undefined);
}

function stateDirByEnvironment({ environment, cwd }: SettingSources): Setting<string> | undefined {
  const folder = get(environment, 'STACKCTL_STATE_DIR');
  return folder ? { value: resolve(cwd, folder), by: 'environment', from: 'STACKCTL_STATE_DIR' } : undefined;
}

function byEnvironment(name: string, { environment }: SettingSources): Setting<string> | undefined {
  const value = get(environment, name);
  return value ? { value, by: 'environment', from: name } : undefined;
}

/** By the XDG Base Directory Specification, which has relative paths ignored. */
function usualStateDir(environment: ByName<string>): string {
  const said = get(environment, 'XDG_STATE_HOME');
  const base = said !== undefined && isAbsolute(said) ? said : join(get(environment, 'HOME') ?? homedir(), '.local/state');
  return join(base, 'stackctl');
}
