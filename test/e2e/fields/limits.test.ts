import { checkFields } from './check-fields.ts';
import type { FieldRow } from './field-row.ts';

const rich = 'image: PROJECT-rich:1';
const mib = 1024 * 1024;
const limits = 'deploy.resources.limits';

/** What a container may do and use, and how the engine looks after it. */
const rows: readonly FieldRow[] = [
  {
    name: 'restart',
    yaml: ['restart: always', 'restart: on-failure:3', ''],
    paths: { restart: ['always', 'on-failure:3', undefined] },
    inPlace: 'always',
    see: ({ HostConfig: { RestartPolicy } }) => `${RestartPolicy?.Name || 'no'} ${RestartPolicy?.MaximumRetryCount ?? 0}`,
    seen: ['always 0', 'on-failure 3', 'no 0'],
  },
  {
    name: 'restart-policy',
    yaml: [
      'deploy: { restart_policy: { condition: "any" } }',
      'restart: always\ndeploy: { restart_policy: { condition: on-failure, max_attempts: 3 } }',
      'deploy: { restart_policy: { condition: none } }',
    ],
    paths: { restart: ['always', 'on-failure:3', undefined] },
    inPlace: 'always',
    see: ({ HostConfig: { RestartPolicy } }) => `${RestartPolicy?.Name || 'no'} ${RestartPolicy?.MaximumRetryCount ?? 0}`,
    seen: ['always 0', 'on-failure 3', 'no 0'],
  },
  {
    name: 'resources',
    yaml: [
      'deploy: { resources: { limits: { cpus: "0.5", memory: 64M, pids: 100 }, reservations: { memory: 32M } } }',
      'deploy: { resources: { limits: { cpus: 0.25, memory: 96m, pids: 50 }, reservations: { memory: 48m } } }',
      '',
    ],
    paths: {
      [`${limits}.cpus`]: [0.5, 0.25, undefined],
      [`${limits}.memory`]: [64 * mib, 96 * mib, undefined],
      [`${limits}.pids`]: [100, 50, undefined],
      'deploy.resources.reservations.memory': [32 * mib, 48 * mib, undefined],
    },
    inPlace: 'changed',
    see: ({ HostConfig: { NanoCpus, Memory, PidsLimit, MemoryReservation } }) => [NanoCpus, Memory, PidsLimit ?? 0, MemoryReservation],
    seen: [
      [500_000_000, 64 * mib, 100, 32 * mib],
      [250_000_000, 96 * mib, 50, 48 * mib],
      [0, 0, 0, 0],
    ],
  },
  {
    name: 'resources-added',
    yaml: ['', 'deploy: { resources: { limits: { memory: 64m } } }', ''],
    paths: { [`${limits}.memory`]: [undefined, 64 * mib, undefined] },
    inPlace: 'changed',
    see: ({ HostConfig }) => HostConfig.Memory,
    seen: [0, 64 * mib, 0],
  },
  {
    name: 'cpu',
    yaml: [
      'cpu_shares: 512\ncpu_period: 50000\ncpu_quota: 25000\ncpuset: "0"',
      'cpu_shares: 256\ncpu_period: 100000\ncpu_quota: 30000\ncpuset: "0,1"',
      '',
    ],
    paths: {
      cpu_period: [50_000, 100_000, undefined],
      cpu_quota: [25_000, 30_000, undefined],
      cpu_shares: [512, 256, undefined],
      cpuset: ['0', '0,1', undefined],
    },
    inPlace: 'changed',
    see: ({ HostConfig: { CpuShares, CpuPeriod, CpuQuota, CpusetCpus } }) => [CpuShares, CpuPeriod, CpuQuota, CpusetCpus],
    seen: [
      [512, 50_000, 25_000, '0'],
      [256, 100_000, 30_000, '0,1'],
      [0, 0, 0, ''],
    ],
  },
  {
    name: 'swap',
    yaml: ['mem_limit: 64m\nmemswap_limit: 96m', 'mem_limit: 80m\nmemswap_limit: 96m', 'mem_limit: 80m'],
    paths: { [`${limits}.memory`]: [64 * mib, 80 * mib, 80 * mib], memswap_limit: [96 * mib, 96 * mib, undefined] },
    inPlace: 'changed',
    see: ({ HostConfig: { Memory, MemorySwap } }) => [(Memory ?? 0) / mib, (MemorySwap ?? 0) / mib],
    seen: [
      [64, 96],
      [80, 96],
      [80, 160],
    ],
  },
  {
    name: 'cap-add',
    yaml: ['cap_add: [NET_RAW]', 'cap_add: [cap_chown, NET_RAW]', ''],
    paths: { cap_add: [['NET_RAW'], ['CHOWN', 'NET_RAW'], undefined] },
    see: ({ HostConfig }) => HostConfig.CapAdd?.map((name: string) => name.replace('CAP_', '')) ?? [],
    seen: [['NET_RAW'], ['CHOWN', 'NET_RAW'], []],
  },
  {
    name: 'cap-drop',
    yaml: ['cap_drop: [ALL]', 'cap_drop: [MKNOD]', ''],
    paths: { cap_drop: [['ALL'], ['MKNOD'], undefined] },
    see: ({ inside }) => inside('sh', '-c', 'mknod /null c 1 3 >/dev/null 2>&1 && echo may || echo "may not"; id -u'),
    seen: ['may not\n0', 'may not\n0', 'may\n0'],
  },
  {
    name: 'read-only',
    yaml: ['read_only: true', 'read_only: "no"', ''],
    paths: { read_only: [true, undefined, undefined] },
    see: ({ inside }) => inside('sh', '-c', 'touch /file 2>/dev/null && echo may || echo "may not"'),
    seen: ['may not', 'may', 'may'],
  },
  {
    name: 'ulimits',
    yaml: ['ulimits: { nofile: 1024, core: 0 }', 'ulimits: { nofile: { soft: 512, hard: 1024 }, core: 0 }', ''],
    paths: { 'ulimits.nofile': [1024, '512:1024', undefined], 'ulimits.core': [0, 0, undefined] },
    see: ({ HostConfig }) => (HostConfig.Ulimits ?? []).map(({ Name, Soft, Hard }) => [Name, Soft, Hard].join(' ')).sort(),
    seen: [['core 0 0', 'nofile 1024 1024'], ['core 0 0', 'nofile 512 1024'], []],
  },
  {
    name: 'shm-size',
    yaml: ['shm_size: 32m', 'shm_size: 48mb', ''],
    paths: { shm_size: [32 * mib, 48 * mib, undefined] },
    see: ({ inside }) => inside('sh', '-c', "df -k /dev/shm | awk 'END { print $2 / 1024 }'"),
    seen: ['32', '48', '64'],
  },
  {
    name: 'logging',
    yaml: [
      'logging: { driver: json-file, options: { max-size: 1m, max-file: 2 } }',
      'logging: { driver: local, options: { max-size: 2m } }',
      '',
    ],
    paths: {
      'logging.driver': ['json-file', 'local', undefined],
      'logging.options.max-file': ['2', undefined, undefined],
      'logging.options.max-size': ['1m', '2m', undefined],
    },
    see: ({ HostConfig }) => HostConfig.LogConfig,
    seen: [
      { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
      { Type: 'local', Config: { 'max-size': '2m' } },
      { Type: 'json-file', Config: {} },
    ],
  },
  {
    name: 'logging-options-only',
    yaml: ['logging: { options: { max-size: 1m } }', 'logging: { options: { max-size: 2m } }'],
    paths: { 'logging.options.max-size': ['1m', '2m'] },
    see: ({ HostConfig }) => HostConfig.LogConfig,
    seen: [
      { Type: 'json-file', Config: { 'max-size': '1m' } },
      { Type: 'json-file', Config: { 'max-size': '2m' } },
    ],
  },
  {
    name: 'healthcheck',
    yaml: [
      'healthcheck: { test: [CMD, "true"], interval: 1h, timeout: 5s, retries: 2, start_period: 0s }',
      'healthcheck: { test: exit 0, interval: 2h, timeout: 6s, retries: 4, start_period: 1s }',
      '',
    ],
    paths: {
      'healthcheck.interval': [3_600_000, 7_200_000, undefined],
      'healthcheck.retries': [2, 4, undefined],
      'healthcheck.start_period': [undefined, 1000, undefined],
      'healthcheck.test': [['CMD', 'true'], ['CMD-SHELL', 'exit 0'], undefined],
      'healthcheck.timeout': [5000, 6000, undefined],
    },
    see: ({ Config: { Healthcheck: check } }) =>
      check && [check.Test, (check.Interval ?? 0) / 1e9, (check.Timeout ?? 0) / 1e9, check.Retries, (check.StartPeriod ?? 0) / 1e9],
    seen: [[['CMD', 'true'], 3600, 5, 2, 0], [['CMD-SHELL', 'exit 0'], 7200, 6, 4, 1], undefined],
  },
  {
    name: 'healthcheck-over-image',
    yaml: [`${rich}\nhealthcheck: { interval: 2m }`, `${rich}\nhealthcheck: { interval: 3m, retries: 9 }`, rich],
    paths: { 'healthcheck.interval': [120_000, 180_000, 300_000], 'healthcheck.retries': [undefined, 9, undefined] },
    see: ({ State }) => State.Health?.Status !== undefined,
    seen: [true, true, true],
  },
  {
    name: 'healthcheck-disable',
    yaml: [`${rich}\nhealthcheck: { disable: true }`, `${rich}\nhealthcheck: { test: exit 0 }`, rich],
    paths: {
      'healthcheck.interval': [undefined, 300_000, 300_000],
      'healthcheck.test': [undefined, ['CMD-SHELL', 'exit 0'], ['CMD', 'true']],
      'healthcheck.timeout': [undefined, 7000, 7000],
    },
    see: ({ Config }) => Config.Healthcheck?.Test,
    seen: [['NONE'], ['CMD-SHELL', 'exit 0'], ['CMD', 'true']],
  },
  {
    name: 'healthcheck-none',
    yaml: [`${rich}\nhealthcheck: { test: [NONE] }`, `${rich}\nhealthcheck: { test: NONE, disable: true }`],
    paths: {},
    see: ({ State }) => State.Health?.Status ?? 'none',
    seen: ['none', 'none'],
  },
];

checkFields({ rows });
