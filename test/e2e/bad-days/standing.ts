import type Docker from 'dockerode';
import type { Project } from '../../kit/project.ts';

/** What inspect says of everything that carries the stack's name, and of a container beside it; by name. */
export interface Standing {
  readonly containers: Record<string, Docker.ContainerInspectInfo>;
  readonly networks: Record<string, Docker.NetworkInspectInfo>;
  readonly volumes: Record<string, Docker.VolumeInspectInfo>;
  readonly bystander: Docker.ContainerInspectInfo;
}

export async function standing({ docker, name, containers }: Project, bystander: Docker.Container): Promise<Standing> {
  const filters = { label: [`com.docker.compose.project=${name}`] };
  const [seen, networks, { Volumes }, beside] = await Promise.all([
    containers(),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
    bystander.inspect(),
  ]);
  return {
    containers: Object.fromEntries(Object.entries(seen).map(([key, each]) => [key, withoutProbes(each)])),
    networks: Object.fromEntries(networks.map((each) => [each.Name, each])),
    volumes: Object.fromEntries(Volumes.map((each) => [each.Name, each])),
    bystander: beside,
  };
}

/** The engine probes on and on; how it stands is kept, its log is not. */
function withoutProbes(seen: Docker.ContainerInspectInfo): Docker.ContainerInspectInfo {
  const { Health, ...state } = seen.State;
  return { ...seen, State: { ...state, ...(Health && { Health: { Status: Health.Status, FailingStreak: 0, Log: [] } }) }, ExecIDs: [] };
}

/** What a walk back must bring back: ids, names, run-state, settings, labels, mounts, networks and aliases; not times, not addresses. */
export function asRolledBack({ containers, networks, volumes, bystander }: Standing): unknown {
  return {
    containers: Object.fromEntries(Object.entries(containers).map(([name, seen]) => [name, identity(seen)])),
    networks: Object.fromEntries(Object.entries(networks).map(([name, { Id, Labels }]) => [name, { Id, Labels }])),
    // Docker 20.10 says when something in the volume changed last, and calls that CreatedAt
    volumes: Object.fromEntries(
      Object.entries(volumes).map(([name, { Driver, Labels, Options, Mountpoint }]) => [name, { Driver, Labels, Options, Mountpoint }]),
    ),
    bystander,
  };
}

function identity({ Id, Name, Image, Created, Config, HostConfig, Mounts, State, NetworkSettings }: Docker.ContainerInspectInfo): unknown {
  const attached = Object.entries(NetworkSettings.Networks).map(
    ([name, { NetworkID, Aliases }]) => [name, { NetworkID, Aliases: [...((Aliases ?? []) as string[])].sort() }] as const,
  );
  const mounts = [...Mounts].sort((left, right) => left.Destination.localeCompare(right.Destination));
  return { Id, Name, Image, Created, Config, HostConfig, Mounts: mounts, Status: State.Status, Networks: Object.fromEntries(attached) };
}
