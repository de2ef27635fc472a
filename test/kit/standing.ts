import type { Observed, SeenContainer } from '../../src/model/observed.ts';

/** What a walk back must bring back, in the tests' own words: identity, names, settings, whether it runs. */
export function standing({ containers, networks, volumes, data = {} }: Observed): unknown {
  const all = Object.values(containers).map(({ id, name, imageId, settings, state }) => ({
    id,
    name,
    imageId,
    settings: normal(settings),
    state: runState(state.status),
  }));
  return {
    containers: all.sort((left, right) => (left.id < right.id ? -1 : 1)),
    networks: byKey(networks),
    volumes: byKey(volumes),
    data: byKey(lookedOnly(data)),
  };
}

function runState(status: SeenContainer['state']['status']): string {
  if (['exited', 'created', 'dead'].includes(status)) return 'stopped';
  return status === 'restarting' ? 'running' : status;
}

/** "no" is the policy of a container that has none. */
const normal = ({ restart = 'no', ...settings }: SeenContainer['settings']): unknown => ({ restart, ...settings });

/** What nobody could look into yet says nothing of what is there. */
const lookedOnly = (data: NonNullable<Observed['data']>): object =>
  Object.fromEntries(Object.entries(data).filter(([, seen]) => 'looked' in seen));

const byKey = (record: object): unknown => Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
