import type { Acquired, Lock, LockHolder } from '../../src/platform/lock.ts';
import { untilTrue } from '../../src/lib/until-true.ts';
import { lockEngine, type LockContainer, type LockEngine } from './lock-engine.ts';

export const holder: LockHolder = {
  pid: 812,
  user: 'ann',
  host: 'build-7',
  since: '2026-08-02T10:00:00Z',
  command: 'stackctl apply',
  commit: '3bfe5ac',
};
export const now = AbortSignal.abort();
export const until = (isSo: () => boolean): Promise<void> =>
  untilTrue(async () => isSo(), { firstPauseMs: 2, longestPauseMs: 10, signal: AbortSignal.timeout(5_000) });

export function taken(answer: Acquired): Lock {
  if ('heldBy' in answer) throw new Error(`held by ${JSON.stringify(answer.heldBy)}`);
  return answer.lock;
}
export const take = async (engine: LockEngine, client = engine.client()): Promise<Lock> =>
  taken(await client.lock.acquire('shop', holder, now));
export const ask = (engine: LockEngine, patience = now): Promise<Acquired> =>
  engine.client().lock.acquire('shop', { ...holder, pid: 1 }, patience);
export const container = ({ containers }: LockEngine): LockContainer | undefined => containers.get('stackctl-lock-shop');
export const runs = (engine: LockEngine): Promise<void> => until(() => container(engine)?.status === 'running');

/** A lock whose holder has gone, or never came further than that. */
export async function left(
  status: string,
  more: Partial<LockContainer> & { readonly holder?: Partial<LockHolder> | string } = {},
): Promise<LockEngine> {
  const engine = await lockEngine();
  const said = typeof more.holder === 'string' ? more.holder : JSON.stringify({ ...holder, ...more.holder });
  const config = { Labels: { 'io.stackctl.lock.holder': said }, HostConfig: {} };
  const made = { id: 'ab'.repeat(32), name: 'stackctl-lock-shop', status, error: '', created: new Date(), waiting: [], config, ...more };
  engine.containers.set(made.name, made);
  return engine;
}
