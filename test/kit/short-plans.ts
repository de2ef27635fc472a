import { containerCreate, containerRemove } from '../../src/actions/container-create.ts';
import { containerRename } from '../../src/actions/container-rename.ts';
import { containerPause, containerStart, containerStop, containerUnpause } from '../../src/actions/container-start.ts';
import { containerUpdate } from '../../src/actions/container-update.ts';
import { definitionOf } from '../../src/actions/index.ts';
import { imagePull } from '../../src/actions/image-pull.ts';
import { networkConnect, networkDisconnect } from '../../src/actions/network-connect.ts';
import { networkCreate, networkRemove } from '../../src/actions/network-create.ts';
import { serviceAwait } from '../../src/actions/service-await.ts';
import { volumeCreate } from '../../src/actions/volume-create.ts';
import type { Action } from '../../src/model/action.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan, Step } from '../../src/model/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, idOf, network, observed, seen, seenNetwork, service, stack, state, volume } from './builders.ts';
import { run } from './simulated.ts';

const web = service('web', { settings: { restart: 'no' } });
const old = seen(service('old'), { state: state('exited') });
const frozen = seen(service('frozen', { settings: { restart: 'no' } }), { state: state('paused') });

/** One that runs, one that was stopped, one that is paused, and a network that nobody is on. */
export const shortBefore: Observed = observed({
  containers: [seen(web), old, frozen],
  networks: [seenNetwork(`${stack}_default`), seenNetwork(`${stack}_gone`)],
});

const ref = (name: string) => ({ name: `shop-${name}-1`, id: idOf(`container shop-${name}-1`) });
const made = { name: 'shop-api-1' };
const settings = service('api').settings;
const creating = { stack, ...made, service: 'api', number: 1, files: [], workingDir: '', settings, dependsOn: '', inherits: {} };
const gate = {
  gate: { until: 'stable', forMs: 1, mayComplete: false },
  probes: [],
  timeoutMs: 60_000,
  healthTimeoutMs: 1,
  probeEveryMs: 1,
} as const;

const forward: readonly Action[] = [
  networkCreate({ stack, network: network('back') }),
  volumeCreate({ stack, volume: volume('data') }),
  imagePull({ image: 'redis:7', timeoutMs: 60_000 }),
  containerCreate(creating),
  containerStart(made),
  serviceAwait({ ...made, ...gate }),
  containerStop(ref('web')),
  containerPause(ref('web')),
  containerRename({ ...ref('web'), to: 'shop-web-1.aside' }),
  containerUpdate({ ...ref('web'), update: { restart: 'always' } }),
  networkConnect({ ...ref('web'), network: `${stack}_back`, attachment: { aliases: ['web'] } }),
  networkDisconnect({ ...ref('web'), network: `${stack}_default` }),
  containerUnpause(ref('frozen')),
  containerStart(ref('old')),
];

const discards: readonly Action[] = [
  containerRemove(ref('old')),
  networkRemove({ name: `${stack}_gone`, id: idOf(`network ${stack}_gone`) }),
];

const empty = plan(desired(), observed());

/** Each undoes itself in a way of its own. */
const few = [
  'network.create',
  'container.create',
  'container.start',
  'container.stop',
  'container.rename',
  'network.disconnect',
  'container.remove',
];

/**
 * Every plan of so many actions, one after the other, none of which its guard refuses: what is thrown away comes last. `kinds`: of all
 * kinds of actions, or of few.
 */
export function shortPlans(actions: number, kinds: 'all' | 'few' = 'all'): Plan[] {
  const from = [...forward, ...discards].filter(({ kind }) => kinds === 'all' || few.includes(kind));
  return sequences(actions, { now: shortBefore, discarding: false, from }).map((sequence) => ({ ...empty, steps: stepsOf(sequence) }));
}

interface SoFar {
  readonly from: readonly Action[];
  readonly now: Observed;
  readonly discarding: boolean;
}

function sequences(count: number, { now, discarding, from }: SoFar): Action[][] {
  if (count === 0) return [[]];
  return from.flatMap((action) => {
    if (discarding && !discards.includes(action)) return [];
    const { guard, simulate } = definitionOf(action);
    if (guard(action.args, now, run) !== undefined) return [];
    const after = simulate(action.args, now, run);
    return sequences(count - 1, { now: after, discarding: discards.includes(action), from })
      .filter((rest) => !rest.includes(action))
      .map((rest) => [action, ...rest]);
  });
}

function stepsOf(actions: readonly Action[]): Step[] {
  const ids = actions.map((action) => `${action.kind} ${definitionOf(action).target(action.args)}`);
  return actions.map((action, i) => ({
    id: ids[i]!,
    stage: discards.includes(action) ? 'discard' : 'build',
    action,
    after: ids.slice(Math.max(i - 1, 0), i),
    because: 'it is tried',
    onFailure: 'rollback',
  }));
}
