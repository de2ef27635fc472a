import { checkFields } from './check-fields.ts';
import type { FieldRow, Look } from './field-row.ts';

const onNetwork = ['network_mode'] as const;
const onNewest = process.env['STACKCTL_ENGINE'] === 'newest';
const planned = ({ NetworkSettings }: Look) => Object.entries(NetworkSettings.Networks).find(([name]) => name.endsWith('_planned'))?.[1];

/** What a container is on a network that gives addresses as the file plans them. */
const rows: readonly FieldRow[] = [
  {
    name: 'addresses',
    yaml: [
      'networks: { planned: { ipv4_address: 10.213.1.10 } }',
      'networks: { planned: { ipv4_address: 10.213.1.11, link_local_ips: [169.254.8.9, 169.254.8.8] } }',
      'networks: [planned]',
    ],
    without: onNetwork,
    paths: {
      'networks.PROJECT_planned': ['addresses at 10.213.1.10', 'addresses at 10.213.1.11, 169.254.8.8, 169.254.8.9', 'addresses'],
    },
    inPlace: 'always',
    see: ({ inside }) => inside('sh', '-c', "ip -4 -o addr show | grep -oE '10.213.1.1[01]|169.254.8.[89]' | sort; true"),
    seen: ['10.213.1.10', '10.213.1.11\n169.254.8.8\n169.254.8.9', ''],
  },
  {
    name: 'service-hardware',
    yaml: [
      'networks: [planned]\nmac_address: "02:42:0a:d5:01:cc"',
      'networks: [planned]\nmac_address: "02:42:0a:d5:01:dd"',
      'networks: [planned]',
    ],
    without: onNetwork,
    paths: { 'mac_address.PROJECT_planned': ['02:42:0a:d5:01:cc', '02:42:0a:d5:01:dd', undefined] },
    see: (look) => /^02:42:0a:d5:01:(cc|dd)$/.test(planned(look)?.MacAddress ?? ''),
    seen: [true, true, false],
  },
  {
    name: 'first',
    yaml: [
      'networks: { other: { priority: 1 }, planned: { priority: 2 } }',
      'networks: { other: { priority: 3 }, planned: { priority: 2 } }',
      'networks: [other, planned]',
    ],
    without: onNetwork,
    paths: { network_priority: ['PROJECT_planned', 'PROJECT_other', undefined] },
    see: ({ HostConfig }) => HostConfig.NetworkMode,
    seen: ['PROJECT_planned', 'PROJECT_other', 'PROJECT_other'],
  },
  {
    name: 'options',
    yaml: [
      'networks: { planned: { driver_opts: { com.example.one: 1 } } }',
      'networks: { planned: { driver_opts: { com.example.one: 2, com.example.two: "" } } }',
      'networks: [planned]',
    ],
    without: onNetwork,
    paths: { 'networks.PROJECT_planned': ['options com.example.one=1', 'options com.example.one=2 com.example.two=', 'options'] },
    inPlace: 'always',
    see: (look) => (planned(look) as { readonly DriverOpts?: unknown } | undefined)?.DriverOpts ?? {},
    seen: [{ 'com.example.one': '1' }, { 'com.example.one': '2', 'com.example.two': '' }, {}],
  },
  ...(onNewest ? [gateway(), hardware()] : []),
];

/** Engines before API 1.48 and 1.49 drop them: there they are a problem. */
function gateway(): FieldRow {
  const interfaceName = 'com.docker.network.endpoint.ifname';
  return {
    name: 'gateway',
    yaml: [
      'networks: { other: { gw_priority: 2 }, planned: { interface_name: out0 } }',
      'networks: { other: { gw_priority: 3 }, planned: { interface_name: out1 } }',
      'networks: [other, planned]',
    ],
    without: onNetwork,
    paths: {
      'networks.PROJECT_other': ['gateway gw_priority=2', 'gateway gw_priority=3', 'gateway'],
      'networks.PROJECT_planned': [`gateway ${interfaceName}=out0`, `gateway ${interfaceName}=out1`, 'gateway'],
    },
    inPlace: 'always',
    see: ({ inside }) => inside('sh', '-c', "ip -o link | grep -oE 'out[01]'; true"),
    seen: ['out0', 'out1', ''],
  };
}

/** Docker Compose asks for API 1.44 here. */
function hardware(): FieldRow {
  return {
    name: 'hardware',
    yaml: [
      'networks: { planned: { mac_address: "02:42:0A:D5:01:AA" } }',
      'networks: { planned: { aliases: [hard], mac_address: "02:42:0a:d5:01:bb" } }',
      'networks: { planned: { aliases: [hard] } }',
    ],
    without: onNetwork,
    paths: {
      'mac_address.PROJECT_planned': ['02:42:0a:d5:01:aa', '02:42:0a:d5:01:bb', undefined],
      'networks.PROJECT_planned': ['hardware', 'hard, hardware', 'hard, hardware'],
    },
    forced: ['networks.PROJECT_planned'],
    see: (look) => /^02:42:0a:d5:01:(aa|bb)$/.test(planned(look)?.MacAddress ?? ''),
    seen: [true, true, false],
  };
}

const top = `
networks:
  other: { enable_ipv6: false, labels: { com.example: other } }
  planned:
    driver: bridge
    driver_opts: { com.docker.network.driver.mtu: 1400 }
    attachable: true
    labels: [com.example=planned]
    ipam:
      driver: default
      config: [{ subnet: 10.213.1.0/24, ip_range: 10.213.1.128/25, gateway: 10.213.1.1, aux_addresses: { spare: 10.213.1.5 } }]
`;

checkFields({ rows, top });
