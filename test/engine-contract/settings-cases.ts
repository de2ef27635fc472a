import type { Settings } from '../../src/model/settings.ts';

export interface SettingsCase {
  readonly field: string;
  readonly declared: Partial<Settings>;
  /** What the engine shows, where that is not what was declared. */
  readonly shows?: { readonly [F in keyof Settings]?: Settings[F] | undefined };
}

/** For each field of Settings what can be declared; an engine must show it again as it was declared. */
export const settingsCases: readonly SettingsCase[] = [
  { field: 'command', declared: { command: ['busybox', 'echo', 'a b', ''] } },
  { field: 'entrypoint', declared: { entrypoint: ['busybox', 'sh', '-c', 'echo "$0"'], command: ['x'] } },
  { field: 'entrypoint alone', declared: { entrypoint: ['busybox', 'true'], command: [] }, shows: { command: undefined } },
  {
    field: 'ports',
    declared: {
      ports: [
        { target: 80, protocol: 'tcp', host_ip: '', published: '21001' },
        { target: 80, protocol: 'udp', host_ip: '127.0.0.1', published: '21002' },
        { target: 81, protocol: 'tcp', host_ip: '', published: '' },
        { target: 82, protocol: 'tcp', host_ip: '', published: '21010-21020' },
      ],
    },
  },
  {
    field: 'ports twice',
    declared: {
      ports: [
        { target: 80, protocol: 'tcp', host_ip: '', published: '21003' },
        { target: 80, protocol: 'tcp', host_ip: '127.0.0.1', published: '21004' },
      ],
    },
  },
  { field: 'network_mode host', declared: { network_mode: 'host' } },
  { field: 'network_mode bridge', declared: { network_mode: 'bridge' } },
  { field: 'network_mode none', declared: { network_mode: 'none' } },
  { field: 'networks', declared: { networks: { 'adp-contract_default': { aliases: ['alpha', 'web'] } } } },
  {
    field: 'several networks',
    declared: { networks: { 'adp-contract_default': { aliases: ['web'] }, 'adp-contract_back': { aliases: ['back', 'web'] } } },
    shows: { network_priority: 'adp-contract_back' },
  },
  { field: 'networks and hostname', declared: { hostname: 'h1', networks: { 'adp-contract_default': { aliases: ['h1', 'web'] } } } },
  { field: 'hostname', declared: { hostname: 'h2', networks: { 'adp-contract_default': { aliases: ['web'] } } } },
  {
    field: 'volume',
    declared: {
      volumes: [
        { type: 'volume', source: 'adp-contract_data', target: '/data', read_only: false },
        { type: 'volume', source: 'adp-contract_data', target: '/data2', read_only: true },
      ],
    },
  },
  {
    field: 'networks in order',
    declared: {
      networks: {
        'adp-contract_default': { aliases: ['web'] },
        'adp-contract_back': { aliases: ['back', 'web'] },
      },
      network_priority: 'adp-contract_default',
    },
  },
  {
    field: 'volume without copy',
    declared: { volumes: [{ type: 'volume', source: 'adp-contract_data', target: '/data', read_only: true, nocopy: true, selinux: 'z' }] },
  },
  {
    field: 'bind options',
    declared: {
      volumes: [
        { type: 'bind', source: '/tmp', target: '/host', read_only: true, propagation: 'rslave', selinux: 'Z' },
        { type: 'bind', source: '/tmp', target: '/host2', read_only: false, propagation: 'private', recursive: 'disabled' },
      ],
    },
  },
  {
    field: 'bind',
    declared: {
      volumes: [
        { type: 'bind', source: '/tmp', target: '/host', read_only: true },
        { type: 'bind', source: '/tmp', target: '/host2', read_only: false },
      ],
    },
  },
  { field: 'bind with a colon', declared: { volumes: [{ type: 'bind', source: '/tmp', target: '/a:b', read_only: true }] } },
  {
    field: 'tmpfs',
    declared: {
      volumes: [
        { type: 'tmpfs', source: '', target: '/t1', read_only: false, size: 1048576, mode: 0o700 },
        { type: 'tmpfs', source: '', target: '/t2', read_only: false },
      ],
    },
  },
  { field: 'anonymous', declared: { volumes: [{ type: 'volume', source: '', target: '/anon', read_only: false }] } },
  {
    field: 'healthcheck',
    declared: { healthcheck: { test: ['CMD', 'busybox', 'true'], interval: 1500, timeout: 2000, retries: 4, start_period: 3000 } },
  },
  { field: 'healthcheck test alone', declared: { healthcheck: { test: ['CMD-SHELL', 'true'] } } },
  { field: 'healthcheck none', declared: { healthcheck: { test: ['NONE'] } } },
  { field: 'restart always', declared: { restart: 'always' } },
  { field: 'restart unless-stopped', declared: { restart: 'unless-stopped' } },
  { field: 'restart on-failure', declared: { restart: 'on-failure' } },
  { field: 'restart on-failure:3', declared: { restart: 'on-failure:3' } },
  { field: 'restart no', declared: { restart: 'no' }, shows: { restart: undefined } },
  { field: 'stop_grace_period', declared: { stop_grace_period: 7000 } },
  { field: 'stop_grace_period 0', declared: { stop_grace_period: 0 } },
  { field: 'stop_signal', declared: { stop_signal: 'SIGUSR1' } },
  { field: 'resources', declared: { resources: { cpus: 0.35, memory: 33554432, memory_reservation: 16777216, pids: 50 } } },
  { field: 'resources memory', declared: { resources: { memory: 33554432 } } },
  { field: 'resources cpus', declared: { resources: { cpus: 1 } } },
  { field: 'labels', declared: { labels: { 'com.example.a': 'x', 'com.example.empty': '' } } },
  { field: 'user', declared: { user: '1000:1000' } },
  { field: 'working_dir', declared: { working_dir: '/srv' } },
  { field: 'cap_add', declared: { cap_add: ['NET_ADMIN', 'SYS_TIME'], cap_drop: ['MKNOD'] } },
  { field: 'cap_drop', declared: { cap_drop: ['ALL'] } },
  { field: 'read_only', declared: { read_only: true } },
  { field: 'ulimits', declared: { ulimits: { nofile: { soft: 1000, hard: 2000 }, nproc: { soft: 100, hard: 100 } } } },
  { field: 'extra_hosts', declared: { extra_hosts: ['a:10.0.0.1', 'b:fd00::1'] } },
  { field: 'dns', declared: { dns: ['9.9.9.9', '1.1.1.1'] } },
  { field: 'init', declared: { init: true } },
  { field: 'privileged', declared: { privileged: true }, shows: { security_opt: ['label=disable'] } },
  { field: 'shm_size', declared: { shm_size: 33554432 } },
  { field: 'logging options', declared: { logging: { driver: 'json-file', options: { 'max-file': '2', 'max-size': '1m' } } } },
  { field: 'logging driver', declared: { logging: { driver: 'none', options: {} } } },
  {
    field: 'defaults declared',
    declared: { read_only: false, privileged: false, init: false, shm_size: 67108864, logging: { driver: 'json-file', options: {} } },
    shows: { read_only: undefined, privileged: undefined, init: undefined, shm_size: undefined, logging: undefined },
  },
];
