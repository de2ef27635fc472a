import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';
import { execa } from 'execa';

/** What a run of the program left behind: its code and what it said. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** Typed at its standard input, which is no terminal. */
  readonly input?: string;
  /** For Node, before the program. */
  readonly nodeWords?: readonly string[];
  /** Nobody reads its standard output: the pipe is closed. */
  readonly deaf?: true;
  /** Default: two minutes. */
  readonly withinMs?: number;
}

/** A stack of its own in a folder of its own, on a real engine; all that carries its name goes with it. */
export interface Project extends AsyncDisposable {
  readonly name: string;
  readonly folder: string;
  readonly docker: Docker;
  /** Writes a file of the folder; folders in between are made. */
  write(file: string, text: string): Promise<void>;
  /** Runs the built program in the folder. Never throws for an exit code. */
  stackctl(words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The inspect answers of all its containers, running or not, by name. */
  containers(): Promise<Record<string, Docker.ContainerInspectInfo>>;
}

const bin = process.env['STACKCTL_TEST_BIN'] ?? join(import.meta.dirname, '../../dist/stackctl.js');
const node = process.env['STACKCTL_TEST_NODE'] ?? process.execPath;

/** An empty project on the engine at `host` (default: DOCKER_HOST). Its name starts with "t-", so that leftovers can be told. */
export async function createProject(host = process.env['DOCKER_HOST'] ?? ''): Promise<Project> {
  const name = `t-${randomBytes(4).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const docker = new Docker({ socketPath: host.replace('unix://', '') });
  const env = { DOCKER_HOST: host, XDG_STATE_HOME: join(folder, '.state'), COMPOSE_PROJECT_NAME: name };
  return {
    name,
    folder,
    docker,
    async write(file, text) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    async stackctl(words, options = {}) {
      const run = execa(node, [...(options.nodeWords ?? []), bin, ...words], {
        cwd: options.cwd ?? folder,
        env: { ...env, ...options.env },
        input: options.input ?? '',
        reject: false,
        timeout: options.withinMs ?? 120_000,
      });
      if (options.deaf) run.stdout.destroy();
      const { exitCode, stdout, stderr } = await run;
      return { exitCode, stdout, stderr };
    },
    async containers() {
      const list = await docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${name}`] } });
      const seen = await Promise.all(list.map(({ Id }) => docker.getContainer(Id).inspect()));
      return Object.fromEntries(seen.map((each) => [each.Name.slice(1), each]));
    },
    async [Symbol.asyncDispose]() {
      await removeAll(docker, name);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Removes every container, network and volume of a project, whatever state a failed test left them in. */
async function removeAll(docker: Docker, project: string): Promise<void> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const [ofStack, locks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listContainers({ all: true, filters: { name: [`^/stackctl-lock-${project}$`] } }),
  ]);
  const containers = [...ofStack, ...locks];
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone)));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove().catch(ignoreGone)));
  const { Volumes } = await docker.listVolumes({ filters });
  for (const name of [`stackctl-run-${project}`, `stackctl-run-${project}.next`]) await docker.getVolume(name).remove().catch(ignoreGone);
  await Promise.all(Volumes.map(({ Name }) => docker.getVolume(Name).remove().catch(ignoreGone)));
}

function ignoreGone(error: unknown): void {
  if (error instanceof Error && 'statusCode' in error && (error.statusCode === 404 || error.statusCode === 409)) return;
  throw error;
}
