import type { HostProcess, SystemdUnit } from '../model/listener.ts';

/**
 * `/docker/ID` (cgroup v1, and v2 with cgroupfs), `/system.slice/docker-ID.scope` (v2 with systemd), `/machine.slice/libpod-ID.scope`;
 * `/../ID` for a reader in a cgroup namespace of its own.
 */
const container = /(?:^|[/-])(?:docker|libpod|cri-containerd|crio|\.\.)[-/]([0-9a-f]{64})(?:\.scope)?(?:\/|$)/;

/**
 * What /proc/PID/cgroup says of a process: the container that it runs in (or ran in: an orphan keeps it), else the systemd unit, else the
 * login. Version 1 has a line for each controller, version 2 one line, a hybrid both; one that names something is enough.
 */
export function cgroupMeaning(cgroup: string): Pick<HostProcess, 'containerId' | 'unit' | 'session'> {
  const paths = cgroup.split('\n').map((line) => line.split(':').slice(2).join(':'));
  const containerId = firstOf(paths, (path) => container.exec(path)?.[1]);
  if (containerId !== undefined) return { containerId };
  const unit = firstOf(paths, unitOf);
  if (unit !== undefined) return { unit };
  const session = firstOf(paths, (path) => path.split('/').find((part) => /^(?:session-.+\.scope|user@\d+\.service)$/.test(part)));
  return session === undefined ? {} : { session };
}

/** The innermost one. A user's manager is a unit too, but one that holds all that the user runs. */
function unitOf(path: string): SystemdUnit | undefined {
  const parts = path.split('/');
  const name = parts.findLast((part) => /\.(?:service|socket)$/.test(part) && !userManager.test(part));
  return name === undefined ? undefined : { name, manager: parts.some((part) => userManager.test(part)) ? 'user' : 'system' };
}

const userManager = /^user@\d+\.service$/;

function firstOf<Found>(paths: readonly string[], find: (path: string) => Found | undefined): Found | undefined {
  for (const path of paths) {
    const found = find(path);
    if (found !== undefined) return found;
  }
  return undefined;
}
