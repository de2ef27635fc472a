import { expect } from 'vitest';
import { checkFields } from './check-fields.ts';
import { sensitive, type FieldRow } from './field-row.ts';

const rich = 'image: PROJECT-rich:1';

/** The program of a container, and what it finds around itself. */
const rows: readonly FieldRow[] = [
  {
    name: 'image',
    yaml: ['image: stackctl/busybox:1', 'image: stackctl/busybox:2'],
    paths: { image: ['stackctl/busybox:1', 'stackctl/busybox:2'] },
    see: ({ inside }) => inside('sh', '-c', 'echo $VERSION'),
    seen: ['1', '2'],
  },
  {
    name: 'command',
    yaml: [`${rich}\ncommand: [sleep, "9001"]`, `${rich}\ncommand: sleep "9002"`, rich],
    without: ['command'],
    paths: {
      command: [
        ['sleep', '9001'],
        ['sleep', '9002'],
        ['sleep', '90000'],
      ],
    },
    see: ({ inside }) => inside('cat', '/proc/1/cmdline').then((text) => text.split('\0').slice(1, -1).join(' ')),
    seen: ['sleep 9001', 'sleep 9002', 'sleep 90000'],
  },
  {
    name: 'entrypoint',
    yaml: [`${rich}\nentrypoint: [env]`, `${rich}\nentrypoint: env MARK="a b"`, rich],
    paths: { entrypoint: [['env'], ['env', 'MARK=a b'], ['/bin/busybox']] },
    see: ({ Config }) => Config.Entrypoint,
    seen: [['env'], ['env', 'MARK=a b'], ['/bin/busybox']],
  },
  {
    name: 'entrypoint-clears-command',
    yaml: [`${rich}\nentrypoint: sleep 9003`, `${rich}\nentrypoint: [sleep, "9004"]`, rich],
    without: ['command'],
    paths: {
      entrypoint: [['sleep', '9003'], ['sleep', '9004'], ['/bin/busybox']],
      command: [undefined, undefined, ['sleep', '90000']],
    },
    see: ({ Path, Args }) => [Path, ...Args],
    seen: [
      ['sleep', '9003'],
      ['sleep', '9004'],
      ['/bin/busybox', 'sleep', '90000'],
    ],
  },
  {
    name: 'environment',
    yaml: ['environment: { LEVEL: info, EMPTY: "", PASSWORD: one }', 'environment: [LEVEL=debug, EMPTY=, PASSWORD=two, "MORE=a b=c"]', ''],
    paths: {
      'environment.EMPTY': ['', '', undefined],
      'environment.LEVEL': ['info', 'debug', undefined],
      'environment.MORE': [undefined, 'a b=c', undefined],
      'environment.PASSWORD': [sensitive('one'), sensitive('two'), undefined],
    },
    see: ({ inside }) => inside('sh', '-c', 'echo "$LEVEL,$EMPTY,$PASSWORD,$MORE"'),
    seen: ['info,,one,', 'debug,,two,a b=c', ',,,'],
  },
  {
    name: 'environment-of-image',
    yaml: [`${rich}\nenvironment: [FROM_IMAGE]`, `${rich}\nenvironment: { FROM_IMAGE: mine }`, rich],
    paths: { 'environment.FROM_IMAGE': [undefined, 'mine', 'yes'] },
    see: ({ inside }) => inside('sh', '-c', 'echo "<$FROM_IMAGE>"'),
    seen: ['<>', '<mine>', '<yes>'],
  },
  {
    name: 'env-file',
    yaml: [
      'env_file: one.env\nenvironment: { OVER: written }',
      'env_file: [one.env, { path: two.env }, { path: absent.env, required: false }]\nenvironment: { OVER: written }',
      '',
    ],
    paths: {
      'environment.FROM_FILE': ['first', 'second', undefined],
      'environment.ONLY_ONE': ['edited 0', 'edited 1', undefined],
      'environment.OVER': ['written', 'written', undefined],
    },
    see: ({ inside }) => inside('sh', '-c', 'echo "$FROM_FILE,$ONLY_ONE,$OVER"'),
    seen: ['first,edited 0,written', 'second,edited 1,written', ',,'],
  },
  {
    name: 'user',
    yaml: [`${rich}\nuser: "1000:1000"`, `${rich}\nuser: "1001"`, rich],
    paths: { user: ['1000:1000', '1001', '65534'] },
    see: ({ inside }) => inside('id', '-u'),
    seen: ['1000', '1001', '65534'],
  },
  {
    name: 'working-dir',
    yaml: [`${rich}\nworking_dir: /tmp`, `${rich}\nworking_dir: /var/tmp`, rich],
    paths: { working_dir: ['/tmp', '/var/tmp', '/srv'] },
    see: ({ inside }) => inside('pwd'),
    seen: ['/tmp', '/var/tmp', '/srv'],
  },
  {
    name: 'labels',
    yaml: [`${rich}\nlabels: { tier: front, from.image: mine }`, `${rich}\nlabels: [tier=back, from.image=yours, number=1]`, rich],
    paths: {
      'labels.from.image': ['mine', 'yours', 'yes'],
      'labels.number': [undefined, '1', undefined],
      'labels.tier': ['front', 'back', undefined],
    },
    see: ({ Config: { Labels } }) => [Labels['tier'] ?? '', Labels['from.image'], Labels['number'] ?? ''],
    seen: [
      ['front', 'mine', ''],
      ['back', 'yours', '1'],
      ['', 'yes', ''],
    ],
  },
  {
    name: 'hostname',
    yaml: ['hostname: one', 'hostname: two', ''],
    paths: { hostname: ['one', 'two', undefined] },
    see: ({ inside }) => inside('hostname'),
    seen: ['one', 'two', expect.stringMatching(/^[0-9a-f]{12}$/)],
  },
  {
    name: 'container-name',
    yaml: ['container_name: PROJECT-first', 'container_name: PROJECT-second', ''],
    paths: { container_name: ['PROJECT-first', 'PROJECT-second', 'PROJECT-container-name-1'] },
    inPlace: 'always',
    see: ({ Name }) => Name,
    seen: ['/PROJECT-first', '/PROJECT-second', '/PROJECT-container-name-1'],
  },
  {
    name: 'init',
    yaml: ['init: true', 'init: false', ''],
    paths: { init: [true, undefined, undefined] },
    see: ({ inside }) => inside('cat', '/proc/1/comm'),
    seen: [expect.stringMatching(/init|tini/), 'sleep', 'sleep'],
  },
  {
    name: 'stop-grace-period',
    yaml: ['init: true\nstop_grace_period: 1s', 'init: true\nstop_grace_period: 1m2s', 'init: true'],
    without: ['stop_grace_period'],
    paths: { stop_grace_period: [1000, 62_000, undefined] },
    see: ({ Config }) => ('StopTimeout' in Config ? Config.StopTimeout : 'the engine decides'),
    seen: [1, 62, 'the engine decides'],
  },
  {
    name: 'stop-signal',
    yaml: [`${rich}\nstop_signal: SIGUSR1`, `${rich}\nstop_signal: SIGTERM`, rich],
    paths: { stop_signal: ['SIGUSR1', 'SIGTERM', 'SIGINT'] },
    see: ({ Config }) => 'StopSignal' in Config && Config.StopSignal,
    seen: ['SIGUSR1', 'SIGTERM', 'SIGINT'],
  },
  {
    name: 'spellings',
    yaml: [
      'command: [sleep, "9005"]\nlabels: { number: 1, flag: "true" }\nstop_grace_period: 90s\ninit: true\ncap_add: [cap_net_raw]\nshm_size: 32m\nrestart: "no"',
      'command: sleep 9005\nlabels: ["flag=true", number=1]\nstop_grace_period: 1m30s\ninit: "yes"\ncap_add: [NET_RAW]\nshm_size: 33554432',
    ],
    paths: {},
    see: ({ State }) => State.Running,
    seen: [true, true],
  },
];

const files = (version: number) => ({
  'one.env': `FROM_FILE=first\nONLY_ONE=edited ${version}\nOVER=one\n`,
  'two.env': 'FROM_FILE=second\n',
});

checkFields({ rows, files });
