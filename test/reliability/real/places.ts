import type { Call, Match } from '../../kit/fault-proxy.ts';
import { createStage } from './stage.ts';
import type { Scenario } from './scenarios.ts';

/** One of the calls that a run makes: the nth of its kind. */
export interface Place extends Match {
  readonly name: string;
  readonly method: string;
  readonly nth: number;
}

/** All the calls that a run of the scenario makes when nothing goes wrong. */
export async function placesOf({ texts, words, prepare }: Scenario): Promise<Place[]> {
  await using stage = await createStage(texts);
  const { proxy, project } = stage.rig;
  await prepare(stage);
  const already = proxy.calls.length;
  await stage.rig.stackctl(words);
  const seen = new Map<string, number>();
  return proxy.calls.slice(already).map((call) => {
    const kind = kindOf(call, project.name);
    const nth = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, nth);
    return { name: `${call.method} ${kind} (${nth})`, method: call.method, path: patternOf(kind), nth };
  });
}

/** The path without what is another one each time: versions, ids, names, questions. */
const kindOf = ({ path }: Call, stack: string): string =>
  path
    .replace(/^\/v[\d.]+/, '')
    .replace(/\?.*/, '')
    .replace(/[0-9a-f]{64}/g, '*')
    .replaceAll(stack, '*')
    .replace(/[^/]*\*[^/]*/g, '*');

const patternOf = (kind: string): RegExp =>
  new RegExp(`^(/v[\\d.]+)?${kind.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/?]+')}(\\?|$)`);

export const changes = ({ method }: Place): boolean => method !== 'GET' && method !== 'HEAD';
