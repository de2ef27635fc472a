import type { EngineChoice } from '../adapters/docker-connect.ts';
import type { StackConfig, StackEntry } from '../config.ts';
import type { Setting } from '../config/tool-settings.ts';
import { get, type ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { FlagValues } from './flags.ts';

export interface EngineSources {
  readonly flags: Pick<FlagValues, 'host' | 'context'>;
  readonly environment: ByName<string>;
  readonly entry: StackEntry | undefined;
  readonly config: StackConfig | undefined;
}

/** Which engine is named: by a flag, else for the stack in stack.config.yaml. An empty choice leaves it to the environment and docker's config. */
export function chooseEngine({ flags, environment, entry, config }: EngineSources): Result<Setting<EngineChoice>, readonly Problem[]> {
  const { host, context } = flags;
  if (host !== undefined && context !== undefined) {
    return problem('engine-ambiguous', '--host and --context both name an engine', 'give one of them');
  }
  if (host !== undefined) return ok({ value: { host }, by: 'flag', from: '--host' });
  if (context !== undefined) return ok({ value: { context }, by: 'flag', from: '--context' });
  const dockerHost = get(environment, 'DOCKER_HOST');
  if (entry && Object.keys(entry.engine).length > 0) {
    const from = config?.placeOf('stacks', entry.name, 'engine') ?? '';
    if (!dockerHost || sameAddress(dockerHost, entry.engine.host)) return ok({ value: entry.engine, by: 'config', from });
    const own = entry.engine.host ?? `of the context ${entry.engine.context ?? ''}`;
    const message = `the stack ${entry.name} is for the engine ${own} (${from}), but DOCKER_HOST is ${dockerHost}`;
    return problem('engine-disagrees', message, 'unset DOCKER_HOST, or say which one is meant with --host or --context');
  }
  const variable = ['DOCKER_HOST', 'DOCKER_CONTEXT'].find((name) => get(environment, name));
  return ok(
    variable === undefined ? { value: {}, by: 'built-in', from: 'docker’s own choice' } : { value: {}, by: 'environment', from: variable },
  );
}

/** /var/run is a link to /run wherever there is a systemd. */
const sameAddress = (left: string, right: string | undefined): boolean => right !== undefined && tidied(left) === tidied(right);
const tidied = (address: string): string => address.replace(/\/+$/, '').replace(/^unix:\/\/\/var\/run\//, 'unix:///run/');

const problem = (code: string, message: string, hint: string): Result<never, readonly Problem[]> =>
  fail([{ code, severity: 'error', message, hint }]);
