import type { SeenContainer } from '../../src/model/observed.ts';
import { idOf, stack, state } from './builders.ts';
import { pool } from './world-services.ts';

/** As an engine can show it: of two that want one host port only one runs. */
export function possible(containers: readonly SeenContainer[]): SeenContainer[] {
  const held = new Set<string>();
  return containers.map((each) => {
    if (!isUp(each)) return each;
    const ports = (each.settings.ports ?? []).map(({ published }) => published);
    if (ports.some((port) => held.has(port))) return stopped(each);
    ports.forEach((port) => held.add(port));
    return each;
  });
}

/** The engine removes no volume that a container mounts. */
export const mountsData = ({ settings }: SeenContainer): boolean =>
  (settings.volumes ?? []).some(({ source }) => source === `${stack}_data`);

/** As a machine is that can be brought back to it: what runs has its networks and its peer; nothing is dead or crashes. */
export function sound(containers: readonly SeenContainer[], networks: readonly string[]): SeenContainer[] {
  const ids = networks.map((name) => idOf(`network ${name}`));
  let now = containers.map((each) => {
    const hangs = Object.values(each.settings.networks ?? {}).some(({ id }) => !ids.includes(id ?? ''));
    return ['dead', 'restarting'].includes(each.state.status) || (isUp(each) && hangs) ? stopped(each, 1) : each;
  });
  // One that stops leaves those alone that share its network, its processes or its memory, and so on
  for (let i = 0; i < pool.length; i++) now = now.map((each) => (isUp(each) && isAlone(each, now) ? stopped(each) : each));
  return now;
}

function isAlone({ settings }: SeenContainer, all: readonly SeenContainer[]): boolean {
  const runs = all.filter(({ number, name, state }) => number === 1 && state.status === 'running' && !name.includes('.'));
  return [settings.network_mode, settings.pid, settings.ipc].some(
    (mode) => mode?.startsWith('service:') && !runs.some(({ service }) => mode === `service:${service}`),
  );
}

const isUp = ({ state }: SeenContainer): boolean => !['exited', 'created', 'dead'].includes(state.status);
const stopped = (seen: SeenContainer, exitCode = 0): SeenContainer => ({ ...seen, state: state('exited', { exitCode }) });
