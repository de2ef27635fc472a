import type { HostConfig } from 'dockerode';
import { present } from '../lib/present.ts';
import { get } from '../lib/record.ts';
import { volumesFrom } from '../model/shares.ts';
import type { ContainerOrder } from '../platform/engine.ts';
import type { Answer } from './docker-answer.ts';
import type { Reading } from './docker-inspect.ts';

const prefix = 'container:';

/** What a container shares with others, for the create call: always by id, so that one that takes the name later is not meant. */
export function sharingOptions({ settings, joins = {}, links }: ContainerOrder): HostConfig {
  const { network_mode, pid, ipc, volumes_from } = settings;
  const idOf = (peer: string): string | undefined => get(joins, peer);
  const joined = (mode: string | undefined): string | undefined => {
    const id = idOf(mode ?? '');
    return id === undefined ? undefined : `${prefix}${id}`;
  };
  return present({
    NetworkMode: joined(network_mode),
    PidMode: joined(pid),
    IpcMode: joined(ipc),
    VolumesFrom: volumes_from?.map((text) => {
      const { of, name, mode } = volumesFrom(text);
      return [idOf(`${of}:${name}`) ?? name, mode].filter((part) => part !== '').join(':');
    }),
    // On the networks of a stack they are given with each connection
    Links: settings.networks || !links ? undefined : [...links],
  });
}

/** "service:db" or "container:store" for "container:ID"; of one that is gone the id stays. */
export function seenMode<Mode extends string | undefined>(mode: Mode, { peerOf }: Pick<Reading, 'peerOf'>): Mode | string {
  return mode?.startsWith(prefix) ? (peerOf(mode.slice(prefix.length))?.called ?? mode) : mode;
}

/** As a file says it: "db:ro", "container:store". */
export const seenVolumesFrom = (host: Answer, { peerOf }: Pick<Reading, 'peerOf'>): string[] =>
  host.texts('VolumesFrom').map((text) => {
    const [reference = '', mode = 'rw'] = text.split(':');
    const called = (peerOf(reference)?.called ?? `${prefix}${reference}`).replace(/^service:/, '');
    return mode === 'rw' ? called : `${called}:${mode}`;
  });

/** The ids and names by which a container names others, from its inspect answer. */
export function peerReferences(answer: Answer): string[] {
  const host = answer.inside('HostConfig');
  const modes = ['NetworkMode', 'PidMode', 'IpcMode'].map((key) => host.text(key)).filter((mode) => mode.startsWith(prefix));
  const volumes = host.texts('VolumesFrom').map((text) => text.split(':')[0] ?? '');
  return [...new Set([...modes.map((mode) => mode.slice(prefix.length)), ...volumes])];
}

/** Where a container has what others have. */
interface SharedTargets {
  /** Its image has something there too. */
  has(target: string): boolean;
  /** Nothing of its own is there. */
  elsewhere(target: string): boolean;
}

/** Of the mounts of a container those that it has by VolumesFrom: the engine shows them like its own (20.10 and 28). */
export function sharedTargets(answer: Answer, { peerOf }: Pick<Reading, 'peerOf'>): SharedTargets {
  const host = answer.inside('HostConfig');
  const sources = host.texts('VolumesFrom').map((text) => text.split(':')[0] ?? '');
  const asked = new Set([
    ...host.texts('Binds').map((bind) => bind.split(':')[1] ?? bind),
    ...host.list('Mounts').map((mount) => mount.text('Target')),
  ]);
  const ofImage = new Set(answer.inside('Config').names('Volumes'));
  const theirs = new Set(sources.flatMap((source) => peerOf(source)?.mounts ?? []));
  const isOthers = (target: string): boolean => sources.length > 0 && !asked.has(target);
  return {
    has: (target) => isOthers(target) && ofImage.has(target) && theirs.has(target),
    elsewhere: (target) => isOthers(target) && !ofImage.has(target),
  };
}
