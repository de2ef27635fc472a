import type Docker from 'dockerode';
import { expect } from 'vitest';
import type { Project } from '../../kit/project.ts';
import type { Look } from './field-row.ts';

/** Something that somebody does to a container behind our back. */
export interface DriftRow {
  readonly name: string;
  readonly yaml: string;
  readonly disturb: (container: Docker.Container, project: Project) => Promise<unknown>;
  /** What the plan says of it. */
  readonly planned: {
    readonly verb: string;
    readonly cause?: string;
    readonly causeOfAdopted?: string;
    readonly fields?: readonly Field[];
  };
  /** It gets a new container. */
  readonly anew?: true;
  readonly see: (look: Look) => unknown;
  readonly seen: unknown;
}

type Field = readonly [path: string, before: unknown, after: unknown];

const mib = 1024 * 1024;
const onDefault = 'networks: [default]';
const attached = ({ NetworkSettings }: Look) => Object.keys(NetworkSettings.Networks).sort();
const status = ({ State }: Look) => State.Status;
const someNetwork = expect.stringMatching(/^network [0-9a-f]{12}$/) as unknown;
const someImage = expect.stringMatching(/^[0-9a-f]{12}$/) as unknown;

export const driftRows: readonly DriftRow[] = [
  {
    name: 'limits',
    yaml: 'deploy: { resources: { limits: { cpus: 0.5, memory: 64m, pids: 100 } } }',
    disturb: (container) => container.update({ Memory: 128 * mib, MemorySwap: 256 * mib, NanoCpus: 250_000_000, PidsLimit: 50 }),
    planned: {
      verb: 'update',
      fields: [
        ['deploy.resources.limits.cpus', 0.25, 0.5],
        ['deploy.resources.limits.memory', 128 * mib, 64 * mib],
        ['deploy.resources.limits.pids', 50, 100],
      ],
    },
    see: ({ HostConfig: { Memory, MemorySwap, NanoCpus, PidsLimit } }) => [Memory, MemorySwap, NanoCpus, PidsLimit],
    seen: [64 * mib, 128 * mib, 500_000_000, 100],
  },
  {
    name: 'limit-nobody-declared',
    yaml: '',
    disturb: (container) => container.update({ Memory: 128 * mib, MemorySwap: 256 * mib }),
    planned: { verb: 'replace', fields: [['deploy.resources.limits.memory', 128 * mib, undefined]] },
    anew: true,
    see: ({ HostConfig }) => HostConfig.Memory,
    seen: 0,
  },
  {
    name: 'restart',
    yaml: 'restart: unless-stopped',
    disturb: (container) => container.update({ RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 2 } }),
    planned: { verb: 'update', fields: [['restart', 'on-failure:2', 'unless-stopped']] },
    see: ({ HostConfig }) => HostConfig.RestartPolicy?.Name,
    seen: 'unless-stopped',
  },
  {
    name: 'restart-nobody-declared',
    yaml: '',
    disturb: (container) => container.update({ RestartPolicy: { Name: 'always' } }),
    planned: { verb: 'update', fields: [['restart', 'always', undefined]] },
    see: ({ HostConfig }) => HostConfig.RestartPolicy?.Name || 'no',
    seen: 'no',
  },
  {
    name: 'disconnect',
    yaml: onDefault,
    disturb: (container, { docker, name }) => docker.getNetwork(`${name}_default`).disconnect({ Container: container.id }),
    planned: { verb: 'update', fields: [['networks.PROJECT_default', undefined, 'disconnect']] },
    see: attached,
    seen: ['PROJECT_default'],
  },
  {
    name: 'connect',
    yaml: onDefault,
    disturb: (container, { docker, name }) => docker.getNetwork(`${name}-outside`).connect({ Container: container.id }),
    planned: { verb: 'update', fields: [['networks.PROJECT-outside', '', undefined]] },
    see: attached,
    seen: ['PROJECT_default'],
  },
  {
    name: 'aliases',
    yaml: 'networks: { default: { aliases: [mine] } }',
    async disturb({ id }, { docker, name }) {
      const network = docker.getNetwork(`${name}_default`);
      await network.disconnect({ Container: id });
      await network.connect({ Container: id, EndpointConfig: { Aliases: ['aliases', 'other'] } });
    },
    planned: { verb: 'update', fields: [['networks.PROJECT_default', 'aliases, other', 'aliases, mine']] },
    see: ({ inside }) => inside('sh', '-c', 'for name in mine other; do nslookup $name >/dev/null 2>&1 && echo $name; done'),
    seen: 'mine',
  },
  {
    name: 'network-made-again',
    yaml: 'networks: [lonely]',
    async disturb({ id }, { docker, name }) {
      const network = docker.getNetwork(`${name}_lonely`);
      const { Labels = {} } = await network.inspect();
      await network.disconnect({ Container: id, Force: true });
      await network.remove();
      await docker.createNetwork({ Name: `${name}_lonely`, Labels });
      await docker.getNetwork(`${name}_lonely`).connect({ Container: id, EndpointConfig: { Aliases: ['network-made-again'] } });
      await docker.getNetwork(`${name}_lonely`).disconnect({ Container: id });
    },
    planned: { verb: 'update', fields: [['networks.PROJECT_lonely', undefined, 'network-made-again']] },
    see: attached,
    seen: ['PROJECT_lonely'],
  },
  {
    name: 'network-made-again-while-stopped',
    yaml: 'networks: [left]',
    async disturb(container, { docker, name }) {
      await container.stop({ t: 0 });
      const network = docker.getNetwork(`${name}_left`);
      const { Labels = {} } = await network.inspect();
      await network.remove();
      await docker.createNetwork({ Name: `${name}_left`, Labels });
    },
    planned: { verb: 'replace', fields: [['networks.PROJECT_left', someNetwork, someNetwork]] },
    anew: true,
    see: attached,
    seen: ['PROJECT_left'],
  },
  {
    name: 'rename',
    yaml: '',
    disturb: (container, { name }) => container.rename({ name: `${name}-odd` }),
    planned: { verb: 'update', fields: [['container_name', 'PROJECT-odd', 'PROJECT-rename-1']] },
    see: ({ Name }) => Name,
    seen: '/PROJECT-rename-1',
  },
  {
    name: 'rename-declared',
    yaml: 'container_name: PROJECT-named',
    disturb: (container, { name }) => container.rename({ name: `${name}-other` }),
    planned: { verb: 'update', fields: [['container_name', 'PROJECT-other', 'PROJECT-named']] },
    see: ({ Name }) => Name,
    seen: '/PROJECT-named',
  },
  { name: 'stop', yaml: '', disturb: (container) => container.stop({ t: 0 }), planned: { verb: 'start' }, see: status, seen: 'running' },
  {
    name: 'kill',
    yaml: 'restart: always',
    disturb: (container) => container.kill(),
    planned: { verb: 'start' },
    see: status,
    seen: 'running',
  },
  { name: 'pause', yaml: '', disturb: (container) => container.pause(), planned: { verb: 'start' }, see: status, seen: 'running' },
  {
    name: 'stop-and-rename',
    yaml: '',
    disturb: (container, { name }) => container.stop({ t: 0 }).then(() => container.rename({ name: `${name}-aside` })),
    planned: { verb: 'update', fields: [['container_name', 'PROJECT-aside', 'PROJECT-stop-and-rename-1']] },
    see: ({ Name, State }) => [Name, State.Status],
    seen: ['/PROJECT-stop-and-rename-1', 'running'],
  },
  {
    name: 'remove',
    yaml: '',
    disturb: (container) => container.remove({ force: true }),
    // Where Compose made it, nothing could say whether it was ever there
    planned: { verb: 'create', causeOfAdopted: 'file' },
    anew: true,
    see: status,
    seen: 'running',
  },
  {
    name: 'tag-moved',
    yaml: 'image: PROJECT-moving:1',
    disturb: (_container, { docker, name }) => docker.getImage('stackctl/busybox:2').tag({ repo: `${name}-moving`, tag: '1' }),
    planned: { verb: 'replace', cause: 'image', fields: [['image', someImage, someImage]] },
    anew: true,
    see: ({ inside }) => inside('sh', '-c', 'echo $VERSION'),
    seen: '2',
  },
];
