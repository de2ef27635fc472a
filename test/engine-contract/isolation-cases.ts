import type { SettingsCase } from './settings-cases.ts';

const rates = { '/dev/null': 1_048_576 };

/** The same for what a container may see and do of its host; among it what not every machine could start. */
export const isolationCases: readonly SettingsCase[] = [
  { field: 'terminal', declared: { tty: true, stdin_open: true, domainname: 'example.test' } },
  { field: 'runtime', declared: { runtime: 'io.containerd.runc.v2' } },
  { field: 'group_add', declared: { group_add: ['1000', 'audio'] } },
  { field: 'security_opt', declared: { security_opt: ['no-new-privileges:true', 'seccomp=unconfined'] } },
  { field: 'security_opt systempaths', declared: { security_opt: ['systempaths=unconfined'] } },
  { field: 'sysctls', declared: { network_mode: 'none', sysctls: { 'net.core.somaxconn': '1024' } } },
  {
    field: 'namespaces',
    declared: { ipc: 'shareable', uts: 'host', userns_mode: 'host', cgroup: 'private', pid: 'host' },
    shows: { security_opt: ['label=disable'] },
  },
  { field: 'cgroup_parent', declared: { cgroup_parent: '/adp-contract' } },
  { field: 'oom', declared: { oom_kill_disable: true, oom_score_adj: -300, mem_swappiness: 0 } },
  { field: 'dns options', declared: { dns_opt: ['ndots:2'], dns_search: ['example.test'] } },
  { field: 'expose', declared: { expose: ['80/tcp', '90/udp'] } },
  {
    field: 'devices',
    declared: {
      devices: [{ source: '/dev/null', target: '/dev/nothing', permissions: 'rw' }],
      device_cgroup_rules: ['c 1:3 rwm'],
    },
  },
  {
    field: 'device requests',
    declared: {
      device_requests: [
        { driver: 'nvidia', count: -1, ids: [], capabilities: ['compute', 'gpu'], options: { a: 'b' } },
        { driver: '', count: 0, ids: ['0', '3'], capabilities: ['gpu'], options: {} },
      ],
    },
  },
  {
    field: 'rates of devices',
    declared: {
      blkio_config: { device_read_bps: rates, device_read_iops: rates, device_write_bps: rates, device_write_iops: rates },
    },
  },
  {
    field: 'cpu',
    declared: { resources: { cpu_shares: 512, cpu_period: 50_000, cpu_quota: 25_000, cpuset: '0-1' } },
  },
  { field: 'memswap_limit', declared: { resources: { memory: 33554432, memswap_limit: 134217728 } } },
  { field: 'memswap_limit none', declared: { resources: { memory: 33554432, memswap_limit: -1 } } },
];
