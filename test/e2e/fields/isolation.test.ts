import { checkFields } from './check-fields.ts';
import type { FieldRow } from './field-row.ts';

const machine = process.arch === 'x64' ? 'amd64' : process.arch;
const onNewest = process.env['STACKCTL_ENGINE'] === 'newest';

/**
 * What a container may see and do of its host. Not here, since this machine cannot run it: userns_mode, gpus, storage_opt, and rates
 * of block devices; cgroup_parent would leave a group behind. The engine's contract shows that it keeps them.
 */
const rows: readonly FieldRow[] = [
  {
    name: 'terminal',
    yaml: ['tty: true\nstdin_open: true\ndomainname: one.test', 'tty: true\ndomainname: two.test', ''],
    paths: { domainname: ['one.test', 'two.test', undefined], stdin_open: [true, undefined, undefined], tty: [true, true, undefined] },
    see: ({ Config: { Tty, OpenStdin, Domainname } }) => [Tty, OpenStdin, Domainname],
    seen: [
      [true, true, 'one.test'],
      [true, false, 'two.test'],
      [false, false, ''],
    ],
  },
  {
    name: 'rights',
    yaml: [
      'group_add: ["1002", 1001]\nsecurity_opt: [no-new-privileges:true]\nsysctls: { net.ipv4.ip_unprivileged_port_start: 80 }',
      'group_add: ["1001"]\nsecurity_opt: [no-new-privileges:true, seccomp=unconfined]\nsysctls: [net.ipv4.ip_unprivileged_port_start=90]',
      '',
    ],
    paths: {
      group_add: [['1001', '1002'], ['1001'], undefined],
      security_opt: [['no-new-privileges:true'], ['no-new-privileges:true', 'seccomp=unconfined'], undefined],
      'sysctls.net.ipv4.ip_unprivileged_port_start': ['80', '90', undefined],
    },
    see: ({ inside }) => inside('sh', '-c', 'id -G; grep -E "^(NoNewPrivs|Seccomp):" /proc/1/status | tr "\\n\\t" "  "'),
    seen: ['0 1001 1002\nNoNewPrivs: 1 Seccomp: 2', '0 1001\nNoNewPrivs: 1 Seccomp: 0', '0\nNoNewPrivs: 0 Seccomp: 2'],
  },
  {
    name: 'system-paths',
    yaml: ['security_opt: [systempaths=unconfined]', 'security_opt: [apparmor=unconfined]', ''],
    paths: { security_opt: [['systempaths=unconfined'], ['apparmor=unconfined'], undefined] },
    see: ({ HostConfig: { MaskedPaths } }) => (MaskedPaths ?? []).length > 0,
    seen: [false, true, true],
  },
  {
    name: 'namespaces',
    yaml: ['pid: host\nipc: shareable\nuts: host\ncgroup: private', 'pid: host\nipc: host\ncgroup: host', 'ipc: private'],
    paths: {
      cgroup: ['private', undefined, undefined],
      ipc: ['shareable', 'host', undefined],
      pid: ['host', 'host', undefined],
      uts: ['host', undefined, undefined],
    },
    see: ({ HostConfig: { PidMode, IpcMode, UTSMode } }) => [PidMode, IpcMode, UTSMode],
    seen: [
      ['host', 'shareable', 'host'],
      ['host', 'host', ''],
      ['', 'private', ''],
    ],
  },
  {
    name: 'runtime',
    yaml: ['runtime: runc', 'runtime: io.containerd.runc.v2', ''],
    paths: { runtime: [undefined, 'io.containerd.runc.v2', undefined] },
    see: ({ HostConfig }) => HostConfig.Runtime,
    seen: ['runc', 'io.containerd.runc.v2', 'runc'],
  },
  {
    name: 'memory',
    yaml: [
      'oom_kill_disable: true\noom_score_adj: 300\nmem_limit: 64m\nmem_swappiness: 10',
      'oom_score_adj: 400\nmem_limit: 64m\nmem_swappiness: 0',
      'mem_limit: 64m',
    ],
    paths: { mem_swappiness: [10, 0, undefined], oom_kill_disable: [true, undefined, undefined], oom_score_adj: [300, 400, undefined] },
    see: ({ HostConfig: { OomKillDisable, OomScoreAdj, MemorySwappiness } }) => [OomKillDisable ?? false, OomScoreAdj, MemorySwappiness],
    seen: [
      [true, 300, 10],
      [false, 400, 0],
      [false, 0, null],
    ],
  },
  {
    name: 'names',
    yaml: [
      'dns_opt: ["ndots:2"]\ndns_search: one.test\nexpose: ["80", "90-91/udp"]',
      'dns_opt: ["ndots:3", use-vc]\ndns_search: [two.test, one.test]\nexpose: [81]',
      '',
    ],
    without: ['network_mode'],
    paths: {
      dns_opt: [['ndots:2'], ['ndots:3', 'use-vc'], undefined],
      dns_search: [['one.test'], ['two.test', 'one.test'], undefined],
      expose: [['80/tcp', '90/udp', '91/udp'], ['81/tcp'], undefined],
    },
    see: ({ HostConfig: { DnsOptions, DnsSearch } }) => [DnsOptions ?? [], DnsSearch ?? []],
    seen: [
      [['ndots:2'], ['one.test']],
      [
        ['ndots:3', 'use-vc'],
        ['two.test', 'one.test'],
      ],
      [[], []],
    ],
  },
  {
    name: 'devices',
    yaml: [
      'devices: ["/dev/null:/dev/nothing"]\ndevice_cgroup_rules: ["c 1:3 rwm"]',
      'devices: ["/dev/zero:/dev/nothing:r", /dev/full]\ndevice_cgroup_rules: ["c 1:5 rwm", "c 1:3 rwm"]',
      '',
    ],
    paths: {
      device_cgroup_rules: [['c 1:3 rwm'], ['c 1:3 rwm', 'c 1:5 rwm'], undefined],
      'devices./dev/full': [undefined, '/dev/full (rwm)', undefined],
      'devices./dev/nothing': ['/dev/null (rwm)', '/dev/zero (r)', undefined],
    },
    see: ({ inside }) => inside('sh', '-c', 'head -c 2 /dev/nothing 2>/dev/null | wc -c'),
    seen: ['0', '2', '0'],
  },
  {
    name: 'platform',
    yaml: [`platform: linux/${machine}`, 'platform: linux', ''],
    paths: { platform: [`linux/${machine}`, 'linux', undefined] },
    hidden: 'platform',
    see: ({ State }) => State.Running,
    seen: [true, true, true],
  },
  ...(onNewest ? [annotations()] : []),
];

/** Engines before API 1.43 drop them: there they are a problem. */
function annotations(): FieldRow {
  return {
    name: 'annotations',
    yaml: ['annotations: { one: "1" }', 'annotations: [one=2, two=]', ''],
    paths: { 'annotations.one': ['1', '2', undefined], 'annotations.two': [undefined, '', undefined] },
    see: ({ HostConfig }) => ('Annotations' in HostConfig ? HostConfig.Annotations : {}),
    seen: [{ one: '1' }, { one: '2', two: '' }, {}],
  };
}

checkFields({ rows });
