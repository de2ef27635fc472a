import { anySignal } from '../lib/any-signal.ts';
import { messageOf } from '../lib/message-of.ts';
import { mapValues } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired, ServiceSpec } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import type { InnerFile, Mount, Settings } from '../model/settings.ts';
import { EngineError } from '../platform/engine-error.ts';
import type { Setup } from './setup.ts';

const loginsMs = 30_000;

/** Where Docker Compose puts them (2.40). */
const socketTarget = '/var/run/docker.sock';
const configFolder = '/run/secrets/docker';

/**
 * The stack with what `use_api_socket` stands for: the engine's socket is mounted, and the logins for registries are put into the
 * container, sealed, unless it says itself where its DOCKER_CONFIG is. Problems: the engine has no socket on this host, or a
 * credential helper fails.
 */
export async function withApiSocket(
  desired: Desired,
  { access, stack: { vault } }: Pick<Setup, 'access' | 'stack'>,
  cancel: AbortSignal,
): Promise<Result<Desired, readonly Problem[]>> {
  const users = Object.values(desired.services).filter(({ apiSocket }) => apiSocket);
  if (users.length === 0) return ok(desired);
  const { socket } = access;
  if (socket === undefined) return fail(users.map((service) => noSocket(service, desired)));
  try {
    const content = vault.seal(await access.logins(anySignal([cancel, AbortSignal.timeout(loginsMs)])));
    const logins = { kind: 'config', name: 'logins', target: `${configFolder}/config.json`, content, uid: 0, gid: 0, mode: 0o444 } as const;
    const settingsOf = ({ settings, apiSocket }: ServiceSpec): Settings =>
      apiSocket ? withAccess(settings, { socket, logins: { ...logins, onlyOnce: true } }) : settings;
    return ok({ ...desired, services: mapValues(desired.services, (service) => ({ ...service, settings: settingsOf(service) })) });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return fail([{ code: 'no-logins', severity: 'error', message: `the logins for "use_api_socket" cannot be read: ${messageOf(error)}` }]);
  }
}

interface Access {
  readonly socket: string;
  readonly logins: InnerFile;
}

function withAccess(settings: Settings, { socket, logins }: Access): Settings {
  const { volumes = [], environment = {}, files = [] } = settings;
  const mount: Mount = { type: 'bind', source: socket, target: socketTarget, read_only: false };
  const mounts = volumes.some(({ target }) => target === socketTarget) ? volumes : sorted([...volumes, mount]);
  if (Object.hasOwn(environment, 'DOCKER_CONFIG')) return { ...settings, volumes: mounts };
  return {
    ...settings,
    volumes: mounts,
    environment: { ...environment, DOCKER_CONFIG: configFolder },
    files: sorted([...files, logins]),
  };
}

const sorted = <T extends { readonly target: string }>(all: readonly T[]): T[] =>
  [...all].sort((left, right) => (left.target < right.target ? -1 : 1));

function noSocket({ name }: ServiceSpec, { places }: Desired): Problem {
  const at = places[`services.${name}.use_api_socket`];
  return {
    code: 'no-api-socket',
    severity: 'error',
    message: `"use_api_socket" needs an engine with a socket on this host, and this one is reached over the network`,
    ...(at && { at }),
    hint: 'give the container the address of the engine in DOCKER_HOST, and what it needs to get in as secrets',
  };
}
