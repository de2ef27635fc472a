import { startFaultProxy, type Call, type FaultProxy } from '../../kit/fault-proxy.ts';
import { elsewhere } from '../../e2e/bad-days/rig.ts';
import { createStage, launch, type Launch, type Stage } from './stage.ts';
import { solo } from './texts.ts';

/** One of those that want the same stack: with a way to the engine of its own, so that it is known who asked for what. */
export interface Contender {
  readonly name: string;
  readonly proxy: FaultProxy;
  readonly launch: Launch;
}

/** A call, and whose it is, in the order in which they came. */
export interface Heard {
  readonly who: string;
  readonly call: Call;
}

export interface Ring extends Stage {
  /** Every other one of another host: another name, another network, another state folder. */
  readonly contenders: readonly Contender[];
  readonly heard: Heard[];
}

export async function createRing(size: number): Promise<Ring> {
  const upstream = (process.env['DOCKER_HOST'] ?? '').replace('unix://', '');
  const stage = await createStage(solo);
  const heard: Heard[] = [];
  const contenders = await Promise.all(
    Array.from({ length: size }, async (_, i): Promise<Contender> => {
      const proxy = await startFaultProxy({ upstream });
      const name = `${i % 2 === 0 ? 'here' : 'elsewhere'} ${i}`;
      proxy.before({}, (call) => void heard.push({ who: name, call }));
      return { name, proxy, launch: launchOf(stage, proxy, i) };
    }),
  );
  return {
    ...stage,
    contenders,
    heard,
    async [Symbol.asyncDispose]() {
      await Promise.all(contenders.map(({ proxy }) => proxy.close()));
      await stage[Symbol.asyncDispose]();
    },
  };
}

function launchOf({ rig }: Stage, { dockerHost }: FaultProxy, i: number): Launch {
  if (i % 2 === 0) return { env: { DOCKER_HOST: dockerHost } };
  return { env: { DOCKER_HOST: dockerHost, XDG_STATE_HOME: `${rig.project.folder}/.state-of-${i}` }, through: elsewhere };
}

export const begin = (ring: Ring, words: string, contender: Contender): ReturnType<typeof launch> => launch(ring, words, contender.launch);

/** What somebody changed of the stack, in the order in which it came to the engine: all that only the holder of the lock may do. */
export function changesOf(heard: readonly Heard[]): Heard[] {
  const locks = heard.flatMap(({ call }) => /\/containers\/([0-9a-f]{64})\/attach/.exec(call.path)?.[1] ?? []);
  const isOfLock = ({ path }: Call): boolean => path.includes('stackctl-lock') || locks.some((id) => path.includes(id));
  return heard.filter(({ call }) => call.method !== 'GET' && call.method !== 'HEAD' && !isOfLock(call));
}

/** Who changed something after somebody else had begun to, though it had begun before. */
export function interleaved(heard: readonly Heard[]): string[] {
  const turns = changesOf(heard).reduce<string[]>((all, { who }) => (all.at(-1) === who ? all : [...all, who]), []);
  return turns.filter((who, i) => turns.indexOf(who) !== i).map((who) => `${who} went on after another had begun: ${turns.join(', ')}`);
}
