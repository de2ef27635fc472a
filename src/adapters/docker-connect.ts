import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { get, type ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { EngineAddress } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';

/** Where an engine is, and who said so. */
export type Connection =
  | { readonly kind: 'unix'; readonly path: string; readonly from: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsFiles; readonly from: string };

/** What of it anybody may see. */
export const addressOf = (connection: Connection): EngineAddress =>
  connection.kind === 'unix' ? { kind: 'unix', path: connection.path } : { kind: 'tcp', host: connection.host, port: connection.port };

interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface EngineChoice {
  /** `--host`, or the engine of the stack: "unix:///run/docker.sock". */
  readonly host?: string;
  /** `--context`. */
  readonly context?: string;
}

type Environment = ByName<string | undefined>;

/** Finds the engine, by the first of: the choice, DOCKER_HOST, DOCKER_CONTEXT, docker's config, the usual sockets. Opens it once to see that somebody listens. */
export async function dockerConnection(choice: EngineChoice, environment: Environment): Promise<Result<Connection, Problem[]>> {
  if (choice.host !== undefined && choice.context !== undefined)
    return problem('engine-ambiguous', '--host and --context both name an engine', 'Give one of them.');
  const named = await namedConnection(choice, environment);
  if (named) return named.ok ? reachable(named.value) : named;
  return usualSocket(environment);
}

async function namedConnection(choice: EngineChoice, environment: Environment): Promise<Result<Connection, Problem[]> | undefined> {
  if (choice.host !== undefined) return fromUrl(choice.host, { from: '--host', environment });
  if (choice.context !== undefined) return fromContext(choice.context, '--context', environment);
  const host = get(environment, 'DOCKER_HOST');
  if (host) return fromUrl(host, { from: 'DOCKER_HOST', environment });
  const context = get(environment, 'DOCKER_CONTEXT');
  if (context) return fromContext(context, 'DOCKER_CONTEXT', environment);
  const configFile = join(dockerFolder(environment), 'config.json');
  const current = textAt(await readJson(configFile), ['currentContext']);
  return current ? fromContext(current, configFile, environment) : undefined;
}

interface UrlSource {
  readonly from: string;
  readonly environment: Environment;
  /** Where the TLS files of a context lie. */
  readonly tlsFolder?: string;
}

async function fromUrl(text: string, { from, environment, tlsFolder }: UrlSource): Promise<Result<Connection, Problem[]>> {
  if (text.startsWith('unix://')) {
    const path = text.slice('unix://'.length);
    return path.startsWith('/')
      ? ok({ kind: 'unix', path, from })
      : problem('engine-address', `${from} says ${text}: a unix socket needs an absolute path`, 'Write unix:///path/to/docker.sock.');
  }
  if (text.startsWith('ssh://'))
    return problem(
      'engine-ssh',
      `${from} says ${text}: ssh is not supported by this version yet`,
      'Forward the socket with ssh -L and name that with --host.',
    );
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const known = url && ['tcp:', 'http:', 'https:'].includes(url.protocol) && url.hostname !== '';
  if (!known)
    return problem(
      'engine-address',
      `${from} says ${text}: that is not the address of an engine`,
      'Write unix:///path/to/docker.sock or tcp://host:2375.',
    );
  const certificates = tlsFolder ?? get(environment, 'DOCKER_CERT_PATH') ?? dockerFolder(environment);
  const secure = url.protocol === 'https:' || tlsFolder !== undefined || Boolean(get(environment, 'DOCKER_TLS_VERIFY'));
  const port = url.port === '' ? (secure ? 2376 : 2375) : Number(url.port);
  return ok({ kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port, ...(secure && { tls: await tlsFiles(certificates) }), from });
}

async function fromContext(name: string, from: string, environment: Environment): Promise<Result<Connection, Problem[]>> {
  if (name === 'default') {
    const host = get(environment, 'DOCKER_HOST');
    return host ? fromUrl(host, { from: 'DOCKER_HOST', environment }) : usualSocket(environment);
  }
  const folder = join(dockerFolder(environment), 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const meta = await readJson(join(folder, 'meta', id, 'meta.json'));
  const host = textAt(meta, ['Endpoints', 'docker', 'Host']);
  if (!host)
    return problem(
      'engine-context',
      `${from} names the context ${name}, but docker knows no context of that name`,
      'See docker context ls.',
    );
  const tlsFolder = join(folder, 'tls', id, 'docker');
  const secure = await exists(join(tlsFolder, 'ca.pem'));
  return fromUrl(host, { from: `context ${name} (${from})`, environment: secure ? environment : {}, ...(secure && { tlsFolder }) });
}

async function usualSocket(environment: Environment): Promise<Result<Connection, Problem[]>> {
  const runtime = get(environment, 'XDG_RUNTIME_DIR');
  const docker = ['/var/run/docker.sock', ...(runtime ? [join(runtime, 'docker.sock')] : []), join(homedir(), '.docker/run/docker.sock')];
  const podman = ['/run/podman/podman.sock', ...(runtime ? [join(runtime, 'podman/podman.sock')] : [])];
  const tries = await Promise.all([...docker, ...podman].map((path) => reachable({ kind: 'unix', path, from: 'the usual socket' })));
  const found = tries.find((one) => one.ok);
  if (found) return found;
  const telling = tries.find((one) => !one.ok && one.error.some(({ code }) => code === 'engine-forbidden'));
  return (
    telling ??
    problem(
      'engine-not-running',
      'No engine is running: nobody answers at the usual sockets of Docker and Podman',
      `Start Docker (systemctl start docker), or say where it is with DOCKER_HOST or --host. Looked at ${[...docker, ...podman].join(', ')}.`,
    )
  );
}

async function reachable(connection: Connection): Promise<Result<Connection, Problem[]>> {
  const where = connection.kind === 'unix' ? connection.path : `${connection.host}:${connection.port}`;
  const code = await knock(connection);
  if (code === undefined) return ok(connection);
  const said = connection.from === 'the usual socket' ? '' : ` (${connection.from})`;
  if (code === 'EACCES' || code === 'EPERM')
    return problem(
      'engine-forbidden',
      `This user may not use the engine’s socket ${where}${said}`,
      'Run as a user of its group (often docker), or as root.',
    );
  if (code === 'ENOENT')
    return problem(
      'engine-not-running',
      `No engine is running: there is no socket ${where}${said}`,
      'Start the engine, or name another with DOCKER_HOST or --host.',
    );
  if (code === 'ECONNREFUSED')
    return problem(
      connection.kind === 'unix' ? 'engine-not-running' : 'engine-unreachable',
      `No engine is running: nobody listens at ${where}${said}`,
      'Start the engine, or name another with DOCKER_HOST or --host.',
    );
  return problem('engine-unreachable', `The engine at ${where}${said} cannot be reached: ${code}`, 'Check the address and the network.');
}

/** Undefined when somebody listens there, else the error code. */
function knock(connection: Connection): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connection.kind === 'unix' ? connect(connection.path) : connect(connection.port, connection.host);
    const end = (code?: string): void => {
      socket.destroy();
      resolve(code);
    };
    socket.setTimeout(5000, () => end('no answer within 5 s'));
    socket.once('connect', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

const dockerFolder = (environment: Environment): string =>
  get(environment, 'DOCKER_CONFIG') ?? join(get(environment, 'HOME') ?? homedir(), '.docker');

async function tlsFiles(folder: string): Promise<TlsFiles> {
  const read = async (name: string): Promise<Buffer | undefined> => readFile(join(folder, name)).catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

const exists = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

/** A missing or broken file says nothing: docker itself goes on without it. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, keys: readonly string[]): string | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return typeof value === 'string' ? value : undefined;
  return typeof value === 'object' && value !== null ? textAt(Object.entries(value).find(([name]) => name === key)?.[1], rest) : undefined;
}

const problem = (code: string, message: string, hint: string): Result<never, Problem[]> =>
  fail([{ code, severity: 'error', message, hint }]);
