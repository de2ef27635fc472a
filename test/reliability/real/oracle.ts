import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type Docker from 'dockerode';
import { untilTrue } from '../../../src/lib/until-true.ts';
import type { Rig } from '../../e2e/bad-days/rig.ts';
import { asRolledBack, type Standing } from '../../e2e/bad-days/standing.ts';

/** All that there is of a stack at one moment. */
export interface Look {
  readonly standing: Standing;
  /** What only a run that is under way may have: its lock, its note on the engine, its journal. */
  readonly left: readonly string[];
}

export async function lookAt(rig: Rig): Promise<Look> {
  const [standing, left] = await Promise.all([rig.look(), leftBehind(rig)]);
  return { standing, left };
}

/** Exactly as it was: by id, with what it belongs to and whether it runs. */
export const exactly = ({ standing, left }: Look): unknown => ({ ...(asRolledBack(standing) as object), bystander: undefined, left });

/** I17: the container beside the stack, down to when it was started. */
export const beside = ({ standing: { bystander } }: Look): unknown => bystander;

/** Labels that differ from run to run: who made it, and hashes under a key of its own. */
const ofOneRun = ['io.stackctl.run', 'io.stackctl.applied', 'com.docker.compose.config-hash'];

/** As it is wanted: all but what is chosen anew each time that something is made (ids, times, keys). */
export function asWanted({ standing: { containers, networks, volumes }, left }: Look): unknown {
  return {
    containers: mapped(containers, wantedContainer),
    networks: mapped(networks, ({ Driver, Options, Labels, Internal, IPAM }) => ({
      Driver,
      Options,
      Labels: lasting(Labels),
      Internal,
      IPAM: { Driver: IPAM?.Driver, Options: IPAM?.Options }, // the engine chooses addresses that are free
    })),
    volumes: mapped(volumes, ({ Driver, Labels, Options, Mountpoint }) => ({ Driver, Labels: lasting(Labels), Options, Mountpoint })),
    left,
  };
}

function wantedContainer({ Id, Name, Image, Config, HostConfig, Mounts, State, NetworkSettings }: Docker.ContainerInspectInfo): unknown {
  const isOwnId = (word: string): boolean => word === Id.slice(0, 12);
  const networks = mapped(NetworkSettings.Networks, ({ Aliases }) =>
    ((Aliases ?? []) as string[]).filter((alias) => !isOwnId(alias)).sort(),
  );
  const mounts = [...Mounts].sort((left, right) => left.Destination.localeCompare(right.Destination));
  const { Hostname, Labels, ...config } = Config;
  return {
    Name,
    Image,
    Config: { ...config, Hostname: isOwnId(Hostname) ? '' : Hostname, Labels: lasting(Labels) },
    // Never set and taken back to nothing are two spellings
    HostConfig: { ...HostConfig, RestartPolicy: { ...HostConfig.RestartPolicy, Name: HostConfig.RestartPolicy?.Name || 'no' } },
    Mounts: mounts,
    Status: State.Status,
    Health: healthOf(State.Health),
    networks,
  };
}

/** Up to the engine's own next look at it, after a start or a pause, there is no difference. */
const healthOf = (health: Docker.ContainerInspectInfo['State']['Health']): string | undefined =>
  health?.Status === 'starting' || (health?.Status === 'unhealthy' && health.FailingStreak === 0) ? 'healthy' : health?.Status;

const lasting = (labels: Record<string, string> | null | undefined): unknown =>
  Object.fromEntries(Object.entries(labels ?? {}).filter(([name]) => !ofOneRun.includes(name)));

const mapped = <T>(record: Record<string, T>, change: (item: T) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).map(([name, item]) => [name, change(item)]));

/** Where two looks differ: the path of each value, and both values. An engine that has started again says [] where it said null. */
export function differences(one: unknown, other: unknown, path = ''): string[] {
  if (Object.is(one, other) || (isNothing(one) && isNothing(other))) return [];
  if (isRecord(one) && isRecord(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((key) => differences(one[key], other[key], path === '' ? key : `${path} › ${key}`));
  }
  return [`${path}: ${shown(one)} → ${shown(other)}`];
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || (Array.isArray(value) && value.length === 0);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200));

/** An engine takes a lock away by itself: it gets the time that it may take. */
async function leftBehind(rig: Rig): Promise<string[]> {
  const patience = { firstPauseMs: 20, longestPauseMs: 100, signal: AbortSignal.timeout(lockGoesMs) };
  const isFree = untilTrue(async () => (await locksOf(rig)).length === 0, patience).then(
    () => [],
    () => locksOf(rig),
  );
  const [locks, notes, files] = await Promise.all([isFree, notesOf(rig), filesOf(rig)]);
  return [...locks, ...notes, ...files];
}

/** I7 has it that a lock is free within a second after its holder's death. */
const lockGoesMs = 1_500;

async function locksOf({ project: { docker, name } }: Rig): Promise<string[]> {
  const filters = { name: [`^/stackctl-lock-${name}$`] };
  return (await docker.listContainers({ all: true, filters })).map(({ State }) => `the lock on the engine (${State})`);
}

async function notesOf({ project: { docker, name } }: Rig): Promise<string[]> {
  const { Volumes } = await docker.listVolumes({ filters: { name: [`stackctl-run-${name}`] } });
  return Volumes.map(() => 'the note of a run on the engine');
}

async function filesOf({ project: { folder } }: Rig): Promise<string[]> {
  const found = await readdir(join(folder, '.state'), { recursive: true }).catch(() => []);
  return found.map((name) => basename(name)).filter((name) => name === 'journal');
}
