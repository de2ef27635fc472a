import { fromEntries, get, omit, put } from '../lib/record.ts';
import type { Action } from '../model/action.ts';
import type { NetworkSpec } from '../model/desired.ts';
import type { Observed, SeenNetwork } from '../model/observed.ts';
import { shownText } from '../model/text.ts';
import { isToolLabel } from '../model/tool-label.ts';
import { callMs, touch } from './container-ref.ts';
import { defineAction, type ActionKind } from './define.ts';

interface CreateArgs {
  readonly stack: string;
  readonly network: NetworkSpec;
}

interface RemoveArgs {
  readonly name: string;
  /** Without an id it must be one that this run made. */
  readonly id?: string;
}

export const networkCreate: ActionKind<CreateArgs> = defineAction<CreateArgs>('network.create', {
  symbol: '+',
  target: ({ network }) => network.name,
  label: ({ network }) => `create network ${network.name}`,
  timeoutMs: () => callMs,
  touches: ({ network }) => [touch('network', network.name)],
  guard: ({ network }, now) => (get(now.networks, network.name) ? `a network ${network.name} is there already` : undefined),
  simulate: ({ stack, network }, now, run) => ({ ...now, networks: put(now.networks, network.name, madeNetwork(network, stack, run)) }),
  undo: ({ network }): Action => networkRemove({ name: network.name }),
  run: ({ stack, network }, { engine, run, signal }) => engine.createNetwork(network, { stack, run }, signal),
});

export const networkRemove: ActionKind<RemoveArgs> = defineAction<RemoveArgs>('network.remove', {
  symbol: '-',
  target: ({ name }) => name,
  label: ({ name }) => `remove network ${name}`,
  removesNetwork: ({ name }) => name,
  timeoutMs: () => callMs,
  touches: ({ name }) => [touch('network', name)],
  guard({ name, id }, now, run) {
    const seen = get(now.networks, name);
    if (!seen) return `network ${name} is not there`;
    if (id === undefined) return seen.run === run ? undefined : `network ${name} was not made by this run`;
    return seen.id === id ? undefined : `${name} is another network now`;
  },
  simulate: ({ name }, now) => ({ ...now, networks: omit(now.networks, name) }),
  undo: ({ name }, before) => restore(get(before.networks, name)) ?? { lost: `network ${name} with its id` },
  run: ({ name }, { engine, now, signal }) => engine.removeNetwork(networkId(name, now), signal),
});

/** Made again as it was seen. It gets another id: whoever is to be on it again is connected again. */
function restore(seen: SeenNetwork | undefined): Action | undefined {
  if (seen?.stack === undefined) return undefined;
  const { id: _id, run: _run, labels, stack, ...options } = seen;
  const own = Object.entries(labels).filter(([label]) => !isToolLabel(label));
  const key = get(labels, keyLabel);
  return networkCreate({
    stack,
    network: { ...options, key: key === undefined ? '' : shownText(key), external: false, labels: fromEntries(own) },
  });
}

/** As Docker Compose names them. */
const keyLabel = 'com.docker.compose.network';

function networkId(name: string, now: Observed): string {
  const seen = get(now.networks, name);
  if (!seen) throw new Error(`network ${name} was there a moment ago`);
  return seen.id;
}

function madeNetwork(
  { key: _key, external: _external, driver = 'bridge', ...options }: NetworkSpec,
  stack: string,
  run: string,
): SeenNetwork {
  return { ...options, id: `made:${options.name}`, driver, stack, run };
}
