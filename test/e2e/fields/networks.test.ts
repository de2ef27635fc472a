import { expect } from 'vitest';
import { checkFields } from './check-fields.ts';
import type { FieldRow, Look } from './field-row.ts';

const onNetwork = ['network_mode'] as const;
const attached = ({ NetworkSettings }: Look) => Object.keys(NetworkSettings.Networks).sort();
const published = ({ HostConfig }: Look) => HostConfig.PortBindings ?? {};
const open = (port: string, address = '') => [{ HostIp: address, HostPort: port }];

/** How a container is connected, and how it is reached. */
const rows: readonly FieldRow[] = [
  {
    name: 'networks',
    yaml: ['networks: [front]', 'networks: [back, front]', ''],
    without: onNetwork,
    paths: {
      'networks.PROJECT_back': [undefined, 'networks', undefined],
      'networks.PROJECT_default': [undefined, undefined, 'networks'],
      'networks.PROJECT_front': ['networks', 'networks', undefined],
    },
    inPlace: 'always',
    see: attached,
    seen: [['PROJECT_front'], ['PROJECT_back', 'PROJECT_front'], ['PROJECT_default']],
  },
  {
    name: 'aliases',
    yaml: ['networks: { front: { aliases: [one] } }', 'networks: { front: { aliases: [two, three] } }', 'networks: { front: }'],
    without: onNetwork,
    paths: { 'networks.PROJECT_front': ['aliases, one', 'aliases, three, two', 'aliases'] },
    inPlace: 'always',
    see: ({ inside }) => inside('sh', '-c', 'for name in aliases one two three; do nslookup $name >/dev/null 2>&1 && echo $name; done'),
    seen: ['aliases\none', 'aliases\ntwo\nthree', 'aliases'],
  },
  {
    name: 'network-external',
    yaml: ['networks: [outside]', 'networks: [outside, front]', ''],
    without: onNetwork,
    paths: {
      'networks.PROJECT-outside': ['network-external', 'network-external', undefined],
      'networks.PROJECT_default': [undefined, undefined, 'network-external'],
      'networks.PROJECT_front': [undefined, 'network-external', undefined],
    },
    inPlace: 'always',
    see: attached,
    seen: [['PROJECT-outside'], ['PROJECT-outside', 'PROJECT_front'], ['PROJECT_default']],
  },
  {
    name: 'network-mode',
    yaml: ['network_mode: none', 'network_mode: host', ''],
    without: onNetwork,
    paths: { network_mode: ['none', 'host', undefined], 'networks.PROJECT_default': [undefined, undefined, 'network-mode'] },
    see: attached,
    seen: [['none'], ['host'], ['PROJECT_default']],
  },
  {
    name: 'network-mode-service',
    yaml: ['network_mode: service:networks', 'network_mode: service:aliases', 'network_mode: none'],
    paths: { network_mode: ['service:networks', 'service:aliases', 'none'] },
    see: ({ HostConfig }) => HostConfig.NetworkMode,
    seen: [expect.stringMatching(/^container:/), expect.stringMatching(/^container:/), 'none'],
  },
  {
    name: 'ports-short',
    yaml: ['ports: ["22001:80"]', 'ports: ["22002:80", "22003:81"]', ''],
    without: onNetwork,
    paths: {
      'ports.22001:80/tcp': ['22001:80/tcp', undefined, undefined],
      'ports.22002:80/tcp': [undefined, '22002:80/tcp', undefined],
      'ports.22003:81/tcp': [undefined, '22003:81/tcp', undefined],
    },
    see: published,
    seen: [{ '80/tcp': open('22001') }, { '80/tcp': open('22002'), '81/tcp': open('22003') }, {}],
  },
  {
    name: 'ports-long',
    yaml: [
      'ports: [{ target: 80, published: "22011", protocol: udp, host_ip: 127.0.0.1, mode: host }]',
      'ports: [{ target: 80, published: 22011 }]',
      '',
    ],
    without: onNetwork,
    paths: {
      'ports.127.0.0.1:22011:80/udp': ['127.0.0.1:22011:80/udp', undefined, undefined],
      'ports.22011:80/tcp': [undefined, '22011:80/tcp', undefined],
    },
    see: published,
    seen: [{ '80/udp': open('22011', '127.0.0.1') }, { '80/tcp': open('22011') }, {}],
  },
  {
    name: 'ports-ranges',
    yaml: ['ports: ["127.0.0.1:22021-22022:80-81"]', 'ports: ["22021-22022:80-81/udp"]', ''],
    without: onNetwork,
    paths: {
      'ports.127.0.0.1:22021:80/tcp': ['127.0.0.1:22021:80/tcp', undefined, undefined],
      'ports.127.0.0.1:22022:81/tcp': ['127.0.0.1:22022:81/tcp', undefined, undefined],
      'ports.22021:80/udp': [undefined, '22021:80/udp', undefined],
      'ports.22022:81/udp': [undefined, '22022:81/udp', undefined],
    },
    see: published,
    seen: [
      { '80/tcp': open('22021', '127.0.0.1'), '81/tcp': open('22022', '127.0.0.1') },
      { '80/udp': open('22021'), '81/udp': open('22022') },
      {},
    ],
  },
  {
    name: 'ports-chosen-by-engine',
    yaml: ['ports: ["80"]', 'ports: ["22031-22035:80"]', ''],
    without: onNetwork,
    paths: { 'ports.80/tcp': ['80/tcp', undefined, undefined], 'ports.22031-22035:80/tcp': [undefined, '22031-22035:80/tcp', undefined] },
    see: ({ NetworkSettings }) => Number(NetworkSettings.Ports['80/tcp']?.[0]?.HostPort ?? 0) - 22_030,
    seen: [expect.any(Number), expect.toSatisfy((port: number) => port >= 1 && port <= 5), -22_030],
  },
  {
    name: 'ports-spellings',
    yaml: [
      'ports: ["22041:80", "127.0.0.1:22042:81/udp"]',
      'ports: [{ target: 81, published: 22042, host_ip: 127.0.0.1, protocol: udp }, { target: 80, published: "22041", mode: ingress }]',
    ],
    without: onNetwork,
    paths: {},
    see: published,
    seen: [
      { '80/tcp': open('22041'), '81/udp': open('22042', '127.0.0.1') },
      { '80/tcp': open('22041'), '81/udp': open('22042', '127.0.0.1') },
    ],
  },
  {
    name: 'extra-hosts',
    yaml: ['extra_hosts: ["db:10.0.0.5"]', 'extra_hosts: { db: 10.0.0.6, cache: "10.0.0.7" }', ''],
    without: onNetwork,
    paths: { extra_hosts: [['db:10.0.0.5'], ['cache:10.0.0.7', 'db:10.0.0.6'], undefined] },
    see: ({ inside }) => inside('sh', '-c', "awk '/^10.0.0/ { print $1, $2 }' /etc/hosts | sort"),
    seen: ['10.0.0.5 db', '10.0.0.6 db\n10.0.0.7 cache', ''],
  },
  {
    name: 'dns',
    yaml: ['dns: 10.0.0.1', 'dns: [10.0.0.2, 10.0.0.1]', ''],
    without: onNetwork,
    paths: { dns: [['10.0.0.1'], ['10.0.0.2', '10.0.0.1'], undefined] },
    see: ({ HostConfig }) => HostConfig.Dns ?? [],
    seen: [['10.0.0.1'], ['10.0.0.2', '10.0.0.1'], []],
  },
];

const top = 'networks: { front: , back: { internal: true }, outside: { external: true, name: PROJECT-outside } }\n';

checkFields({ rows, top });
