import type Docker from 'dockerode';
import { createProject, type Project, type Ran, type RunOptions } from '../../kit/project.ts';
import { startFaultProxy, type FaultProxy } from '../../kit/fault-proxy.ts';
import { standing, type Standing } from './standing.ts';
import { start, type Started } from './started.ts';

/** A project, a container beside it that must not notice anything, and a proxy before the engine for stackctl alone. */
export interface Rig extends AsyncDisposable {
  readonly project: Project;
  readonly proxy: FaultProxy;
  /** Writes compose.yaml. */
  write(text: string): Promise<void>;
  /** Runs stackctl through the proxy to its end. */
  stackctl(words: string, options?: RunOptions): Promise<Ran>;
  /** Starts stackctl, to be watched and disturbed; words put before it, such as those of another host, are `through`. */
  start(words: string, through?: readonly string[]): Started;
  /** `stackctl apply --yes`, which must go well. */
  up(text: string): Promise<void>;
  /** All that the engine says of the stack and of the container beside it. */
  look(): Promise<Standing>;
}

/** A host of its own for stackctl: another name, another network, another state folder; the same engine. */
export const elsewhere = ['unshare', '--net', '--uts', 'sh', '-c', 'hostname elsewhere && exec "$@"', 'sh'];

export async function createRig(host = process.env['DOCKER_HOST'] ?? ''): Promise<Rig> {
  const project = await createProject(host);
  const proxy = await startFaultProxy({ upstream: host.replace('unix://', '') });
  const bystander = await startBystander(project.docker, `${project.name}-beside`);
  const env = { DOCKER_HOST: proxy.dockerHost, XDG_STATE_HOME: `${project.folder}/.state`, COMPOSE_PROJECT_NAME: project.name };
  const rig: Rig = {
    project,
    proxy,
    write: (text) => project.write('compose.yaml', text),
    stackctl: (words, options = {}) =>
      project.stackctl(split(words), { ...options, env: { DOCKER_HOST: proxy.dockerHost, ...options.env } }),
    start: (words, through = []) =>
      start(split(words), {
        cwd: project.folder,
        env: through.length > 0 ? { ...env, XDG_STATE_HOME: `${project.folder}/.state-elsewhere` } : env,
        through,
      }),
    async up(text) {
      await rig.write(text);
      const ran = await rig.stackctl('apply --yes');
      if (ran.exitCode !== 0) throw new Error(`the stack does not come up:\n${ran.stdout}\n${ran.stderr}`);
    },
    look: () => standing(project, bystander),
    async [Symbol.asyncDispose]() {
      await proxy.close();
      await bystander.remove({ force: true }).catch(() => undefined);
      await project[Symbol.asyncDispose]();
    },
  };
  return rig;
}

const split = (words: string): string[] => words.split(' ').filter((word) => word !== '');

/** A running container that belongs to no stack. */
export async function startBystander(docker: Docker, name: string, more: Docker.ContainerCreateOptions = {}): Promise<Docker.Container> {
  const container = await docker.createContainer({ name, Image: 'stackctl/busybox:1', Cmd: ['sleep', '99999'], ...more });
  await container.start();
  return container;
}
