import { checkFields } from './check-fields.ts';
import type { FieldRow } from './field-row.ts';

const mib = 1024 * 1024;
const limits = 'deploy.resources.limits';
const onNewest = process.env['STACKCTL_ENGINE'] === 'newest';

const afterMaker = 'depends_on: { parts-maker: { condition: service_completed_successfully } }';

/** Words that Compose had before `deploy`, and fields that need something beside them. */
const rows: readonly FieldRow[] = [
  {
    name: 'older-limits',
    yaml: [
      'cpus: 0.5\nmem_limit: 64m\nmem_reservation: 32m\npids_limit: 100',
      'cpus: "0.25"\nmem_limit: 96m\nmem_reservation: 48m\npids_limit: 50',
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
    name: 'user-namespace',
    yaml: ['userns_mode: host', 'userns_mode: ""', ''],
    paths: { userns_mode: ['host', undefined, undefined] },
    see: ({ HostConfig: { UsernsMode } }) => UsernsMode,
    seen: ['host', '', ''],
  },
  {
    name: 'label-file',
    yaml: ['label_file: one.labels\nlabels: { over: written }', 'label_file: [one.labels, two.labels]', ''],
    paths: {
      'labels.from.file': ['first', 'second', undefined],
      'labels.over': ['written', 'one', undefined],
    },
    see: ({ Config: { Labels } }) => [Labels['from.file'] ?? '', Labels['over'] ?? ''],
    seen: [
      ['first', 'written'],
      ['second', 'one'],
      ['', ''],
    ],
  },
  {
    name: 'raw-env-file',
    yaml: ['env_file: [{ path: raw.env, format: raw }]', 'env_file: [{ path: raw.env }]', ''],
    paths: { 'environment.RAW': ["'a $b'", 'a $b', undefined] },
    see: ({ inside }) => inside('sh', '-c', 'echo "$RAW"'),
    seen: ["'a $b'", 'a $b', ''],
  },
  {
    name: 'propagation',
    yaml: [
      'volumes: [{ type: bind, source: ., target: /bound, bind: { propagation: private } }]',
      'volumes: ["./one.labels:/bound:ro,private"]',
      'volumes: [{ type: bind, source: ., target: /bound }]',
    ],
    paths: { 'volumes./bound': ['bind FOLDER (private)', 'bind FOLDER/one.labels (read-only, private)', 'bind FOLDER'] },
    see: ({ Mounts }) => Mounts.map(({ Propagation }) => Propagation),
    seen: [['private'], ['private'], ['rprivate']],
  },
  {
    name: 'config-rights',
    yaml: [
      'configs: [{ source: told, uid: "1000", gid: "1001", mode: 0o440 }]',
      'configs: [{ source: told, uid: "1001", gid: "1001", mode: 0o400 }]',
      '',
    ],
    paths: { 'configs.told': ['/told 1000:1001 0440', '/told 1001:1001 0400', undefined] },
    hidden: 'secrets and configs',
    see: ({ inside }) => inside('sh', '-c', "cat /told 2>/dev/null && stat -c ' %u:%g %a' /told"),
    seen: ['from the environment 1000:1001 440', 'from the environment 1001:1001 400', ''],
  },
  {
    name: 'volume-labels',
    yaml: [
      'volumes: [{ type: volume, target: /kept, volume: { labels: { tier: one } } }]',
      'volumes: [{ type: volume, target: /kept, read_only: true, volume: { labels: { tier: one } } }]',
    ],
    paths: { 'volumes./kept': ['anonymous volume', 'anonymous volume (read-only)'] },
    see: ({ HostConfig }) => /"tier":"one"/.test(JSON.stringify(HostConfig.Mounts ?? [])),
    seen: [true, true],
  },
  {
    name: 'address-v6',
    yaml: [
      'networks: { six: { ipv6_address: "fd00:215:1::10" } }',
      'networks: { six: { ipv6_address: "fd00:215:1::11" } }',
      'networks: [six]',
    ],
    without: ['network_mode'],
    paths: { 'networks.PROJECT_six': ['address-v6 at fd00:215:1::10', 'address-v6 at fd00:215:1::11', 'address-v6'] },
    inPlace: 'always',
    see: ({ NetworkSettings }) => (Object.values(NetworkSettings.Networks)[0]?.GlobalIPv6Address ?? '').replace(/::(?!1[01]$).*/, ''),
    seen: ['fd00:215:1::10', 'fd00:215:1::11', 'fd00:215:1'],
  },
  {
    name: 'port-names',
    yaml: [
      'ports: [{ name: web, target: 80, published: "22051", app_protocol: http }]',
      'ports: [{ name: other, target: 80, published: "22051", app_protocol: h2c }]',
    ],
    without: ['network_mode'],
    paths: {},
    see: ({ HostConfig }) => Object.keys((HostConfig.PortBindings ?? {}) as object),
    seen: [['80/tcp'], ['80/tcp']],
  },
  ...(onNewest ? [part()] : []),
];

/** Engines before API 1.45 drop it: there it is a problem. */
function part(): FieldRow {
  return {
    name: 'part-of-volume',
    yaml: [
      `${afterMaker}\nvolumes: [{ type: volume, source: parts, target: /part, volume: { subpath: one } }]`,
      `${afterMaker}\nvolumes: [{ type: volume, source: parts, target: /part, volume: { subpath: two } }]`,
      `${afterMaker}\nvolumes: [{ type: volume, source: parts, target: /part }]`,
    ],
    paths: { 'volumes./part': ['volume PROJECT_parts (subpath=one)', 'volume PROJECT_parts (subpath=two)', 'volume PROJECT_parts'] },
    see: ({ inside }) => inside('ls', '-1', '/part'),
    seen: ['in-one', 'in-two', 'one\ntwo'],
    beside: `  parts-maker:
    image: stackctl/busybox:1
    command: [sh, -c, "mkdir -p /parts/one /parts/two; touch /parts/one/in-one /parts/two/in-two"]
    network_mode: none
    volumes: ["parts:/parts"]
`,
  };
}

const top = `
volumes: { parts: }
configs: { told: { environment: TOLD } }
networks: { six: { enable_ipv6: true, ipam: { config: [{ subnet: 10.215.1.0/24 }, { subnet: "fd00:215:1::/64" }] } } }
`;

const files = () => ({ 'one.labels': 'from.file=first\nover=one\n', 'two.labels': 'from.file=second\n', 'raw.env': "RAW='a $b'\n" });

checkFields({ rows, top, files, env: { TOLD: 'from the environment' } });
