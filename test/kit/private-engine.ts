import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { access, chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface PrivateEngineOptions {
  /** `newest` is Debian sid's Docker, which `test/engine/engine.sh up --newest` fetches; default: the installed one. */
  readonly flavour?: 'debian' | 'newest';
  /** Kinds of images as `test/engine/images.sh` knows them; default: busybox. */
  readonly images?: readonly string[];
  /** Run by a user without rights, dockremap, whom an engine with --userns-remap=default makes. Needs Debian's rootlesskit and uidmap. */
  readonly isRootless?: boolean;
  /** More words for dockerd, such as --live-restore. */
  readonly more?: readonly string[];
}

/** A Docker engine in a network namespace of its own, to be frozen, killed and started again without touching any other. */
export interface PrivateEngine {
  readonly socket: string;
  readonly dockerHost: string;
  /** What to put before a command so that 127.0.0.1 is where this engine publishes its ports. */
  readonly inside: readonly string[];
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** With its data below `data`, and what it needs while it runs below `exec`. */
  readonly folder: string;
  /** Ends the engine if it still runs, and starts it again on its old data; what is to be done to that comes in between. */
  restart(between?: () => Promise<void>): Promise<void>;
  /** Removes all that there was of it, whatever state it is in. */
  stop(): Promise<void>;
}

interface Home {
  readonly folder: string;
  readonly namespace: string;
  readonly socket: string;
  readonly path: string;
  readonly isRootless?: boolean;
  readonly more?: readonly string[];
}

const scripts = join(import.meta.dirname, '..', 'engine');
const startMs = 60_000;
const endMs = 20_000;

/** Where all private engines live, each in a folder that names the process that started it. */
const parent = '/var/tmp';
const prefix = 'stackctl-private-';

/** Starts an engine; about a second with the busybox image. Needs root and Debian's docker.io (`engine.sh up` installs it). */
export async function startPrivateEngine(options: PrivateEngineOptions = {}): Promise<PrivateEngine> {
  await sweep();
  const home: Home = { ...(await settle(options.flavour ?? 'debian')), isRootless: options.isRootless ?? false, more: options.more ?? [] };
  let daemon: ChildProcess | undefined;
  try {
    daemon = await start(home);
    const kinds = options.images ?? ['busybox'];
    if (kinds.length > 0) await run(join(scripts, 'images.sh'), kinds, home);
  } catch (error) {
    if (daemon !== undefined) await end(daemon);
    await leave(home);
    throw error;
  }
  return controls(home, daemon);
}

function controls(home: Home, first: ChildProcess): PrivateEngine {
  let daemon = first;
  return {
    socket: home.socket,
    dockerHost: `unix://${home.socket}`,
    inside: ['nsenter', `--net=/run/netns/${home.namespace}`],
    get pid() {
      return daemon.pid ?? 0;
    },
    kill: (signal) => void daemon.kill(signal),
    folder: home.folder,
    async restart(between = async () => undefined) {
      await end(daemon);
      await between();
      daemon = await start(home);
    },
    async stop() {
      daemon.kill('SIGCONT');
      await run(process.execPath, [join(scripts, 'api.mjs'), 'clear'], home).catch(() => undefined);
      await end(daemon);
      await leave(home);
    },
  };
}

async function settle(flavour: 'debian' | 'newest'): Promise<Home> {
  const state = process.env.STACKCTL_ENGINE_DIR ?? '/var/tmp/stackctl-engine';
  const sid = join(state, 'cache', 'sid-engine', 'usr');
  const newest = flavour === 'newest' ? [join(sid, 'sbin'), join(sid, 'bin')] : [];
  if (newest[0] !== undefined) await access(join(newest[0], 'dockerd'));
  const folder = await mkdtemp(join(parent, `${prefix}${String(process.pid)}-`));
  await chmod(folder, 0o711); // an engine that maps users enters it as somebody else
  const namespace = folder.slice(parent.length + 1);
  const path = [...newest, '/usr/sbin', '/sbin', process.env.PATH ?? ''].join(delimiter);
  const home: Home = { folder, namespace, socket: join(folder, 'docker.sock'), path };
  await run('ip', ['netns', 'add', namespace], home);
  await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'], home);
  return home;
}

async function start({ folder, namespace, socket, path, isRootless, more = [] }: Home): Promise<ChildProcess> {
  const pidFile = join(folder, 'docker.pid');
  const stale = [pidFile, socket, join(folder, 'exec/containerd/containerd.pid')];
  await Promise.all(stale.map((file) => rm(file, { force: true })));
  const places = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', pidFile];
  const dockerd = ['dockerd', ...places, '--host', `unix://${socket}`, '--iptables=false', '--ip6tables=false', ...more];
  const log = openSync(join(folder, 'log'), 'a');
  const env = { ...process.env, PATH: path };
  const daemon = spawn(
    'nsenter',
    [`--net=/run/netns/${namespace}`, ...(isRootless ? [join(scripts, 'rootless.sh'), folder] : []), ...dockerd],
    {
      env,
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  daemon.on('error', () => undefined); // then it does not run, which is seen below
  daemon.unref();
  const deadline = Date.now() + startMs;
  while (!(await answers(socket))) {
    if (running(daemon) && Date.now() < deadline) await pause(25);
    else throw new Error(`the private engine did not start: ${(await readFile(join(folder, 'log'), 'utf8')).slice(-1000)}`);
  }
  return daemon;
}

const running = (daemon: ChildProcess): boolean => daemon.pid !== undefined && daemon.exitCode === null && daemon.signalCode === null;

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', signal: AbortSignal.timeout(2000) }, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    ping.on('error', () => {
      resolve(false);
    });
    ping.end();
  });
}

async function end(daemon: ChildProcess): Promise<void> {
  if (!running(daemon)) return;
  const ended = once(daemon, 'exit');
  daemon.kill('SIGCONT');
  daemon.kill('SIGTERM');
  const given = new AbortController();
  const late = pause(endMs, 'late', { signal: given.signal }).catch(() => 'ended');
  if ((await Promise.race([ended, late])) === 'late') daemon.kill('SIGKILL');
  await ended;
  given.abort();
}

/** Takes away what an engine that has ended leaves: shims and their containers, mounts, its namespace and its folder. */
async function leave(home: Home): Promise<void> {
  const own = await processesOf(home.folder);
  const containers = await Promise.all(own.map(childrenOf)); // they outlive an engine and a shim that were killed
  for (const pid of [...containers.flat(), ...own]) signal(pid, 'SIGKILL');
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  const below = mounts
    .filter((mount) => mount.startsWith(`${home.folder}/`))
    .sort()
    .reverse();
  for (const mount of below) await run('umount', ['-l', mount], home).catch(() => undefined);
  await run('ip', ['netns', 'del', home.namespace], home).catch(() => undefined);
  await rm(home.folder, { recursive: true, force: true });
}

/** The daemon, its containerd and its shims: their command lines name the folder, which is nobody else's. */
async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 1 && pid !== process.pid);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, i) => {
    const words = (lines[i] ?? '').split('\0');
    return /(^|\/)(dockerd|containerd|containerd-shim[\w-]*)$/.test(words[0] ?? '') && words.some((word) => word.startsWith(`${folder}/`));
  });
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Takes away engines whose test process was killed. */
async function sweep(): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || signal(Number(owner), 0)) continue;
    const folder = join(parent, name);
    await leave({ folder, namespace: name, socket: join(folder, 'docker.sock'), path: process.env.PATH ?? '' });
  }
}

/** Runs a command to its end; what it says is part of the error if it fails. */
async function run(command: string, args: readonly string[], { socket, path }: Home): Promise<void> {
  const env = { ...process.env, PATH: path, DOCKER_HOST: `unix://${socket}` };
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => said.push(piece));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}: ${Buffer.concat(said).toString().trim()}`);
}
