import { names, type ByName } from '../../lib/record.ts';
import { hardening, toEnd, toLook } from './hardening.ts';
import type { Line, Unit } from './unit.ts';
import { argumentWord, environmentWord, pathWord, programWord, wholePath } from './unit-words.ts';

/** What the units of one stack call, and where. All paths absolute and writable (`isWritable`). */
export interface UnitsOf {
  readonly stack: string;
  /** Node. */
  readonly node: string;
  /** The stackctl that Node runs. */
  readonly program: string;
  /** The words that choose the stack, such as -f and its file. */
  readonly words: readonly string[];
  readonly folder: string;
  /** What must be mounted: the stack files and all else that is read. */
  readonly reads: readonly string[];
  readonly stateDir: string;
  readonly environment: ByName<string>;
  /** Whose journals lie in the state folder, and who looks for drift; undefined: root. */
  readonly user: string | undefined;
  /** Between two looks for drift. */
  readonly everyMs: number;
}

/** Engines that may start containers of the stack. podman-restart is what starts those of Podman at boot. */
const engines = 'docker.service podman.service podman-restart.service';

/** The units of a stack, in the order in which they are shown. */
export const stackUnits = (of: UnitsOf): readonly Unit[] => [
  atBoot(of),
  atShutdown(of),
  {
    name: `stackctl-drift-${of.stack}.service`,
    part: 'drift',
    sections: [
      {
        name: 'Unit',
        lines: [['Description', `What somebody changed on the machine of stack ${of.stack}`], ['After', engines], ...documented(of)],
      },
      { name: 'Service', lines: driftService(of) },
    ],
  },
  driftTimer(of),
];

/** The names of all units that a stack may have. */
export const unitNames = (stack: string): readonly string[] => [
  `stackctl-orphans-${stack}.service`,
  `stackctl-shutdown-${stack}.service`,
  `stackctl-drift-${stack}.service`,
  `stackctl-drift-${stack}.timer`,
];

/**
 * Wanted by docker.service too, so that it runs whenever Docker starts, as after an update. Not by podman.service: that one starts with
 * every call of its API, and a look must not end anything.
 */
const atBoot = (of: UnitsOf): Unit => ({
  name: `stackctl-orphans-${of.stack}.service`,
  part: 'boot',
  sections: [
    {
      name: 'Unit',
      lines: [['Description', `Free the ports of stack ${of.stack} before its engine starts`], ['Before', engines], ...documented(of)],
    },
    { name: 'Service', lines: [['Type', 'oneshot'], ['ExecStart', orphansCommand(of)], ...orphansService(of)] },
    { name: 'Install', lines: [['WantedBy', 'multi-user.target docker.service']] },
  ],
});

/** Does nothing but when it is stopped; what is started before the engines is stopped after them. */
const atShutdown = (of: UnitsOf): Unit => ({
  name: `stackctl-shutdown-${of.stack}.service`,
  part: 'shutdown',
  sections: [
    {
      name: 'Unit',
      lines: [['Description', `Free the ports of stack ${of.stack} after its engine has stopped`], ['Before', engines], ...documented(of)],
    },
    {
      name: 'Service',
      lines: [['Type', 'oneshot'], ['RemainAfterExit', 'yes'], ['ExecStop', orphansCommand(of)], ...orphansService(of)],
    },
    { name: 'Install', lines: [['WantedBy', 'multi-user.target']] },
  ],
});

/** Where a socket is there before its engine (docker.socket), a question to it would wait for ever: hence --no-engine. */
const orphansCommand = (of: UnitsOf): string => commandLine(of, ['orphans', '--end', '--yes', '--no-engine']);

const orphansService = (of: UnitsOf): readonly Line[] => [
  ...surroundings(of),
  ['TimeoutStartSec', '5min'],
  ['TimeoutStopSec', '5min'],
  ['CapabilityBoundingSet', toEnd],
  ...hardening({ privateTmp: !isBelowTmp(of) }),
  ['RestrictAddressFamilies', 'AF_UNIX AF_NETLINK'],
  ['IPAddressDeny', 'any'],
];

const driftService = (of: UnitsOf): readonly Line[] => [
  ['Type', 'oneshot'],
  ['ExecStart', commandLine(of, ['drift'])],
  ...(of.user === undefined ? [] : [['User', of.user] as const]),
  ...surroundings(of),
  ['TimeoutStartSec', '5min'],
  ['CapabilityBoundingSet', of.user === undefined ? toLook : ''],
  ...hardening({ privateTmp: !isBelowTmp(of) }),
  ['ReadWritePaths', pathWord(of.stateDir, '-')],
  ['RestrictAddressFamilies', 'AF_UNIX AF_NETLINK AF_INET AF_INET6'],
];

const driftTimer = (of: UnitsOf): Unit => ({
  name: `stackctl-drift-${of.stack}.timer`,
  part: 'drift',
  sections: [
    { name: 'Unit', lines: [['Description', `Look now and then what somebody changed on the machine of stack ${of.stack}`]] },
    {
      name: 'Timer',
      lines: [
        ['OnBootSec', '5min'],
        ['OnUnitInactiveSec', `${Math.ceil(of.everyMs / 1000)}s`],
      ],
    },
    { name: 'Install', lines: [['WantedBy', 'timers.target']] },
  ],
});

const documented = (of: UnitsOf): readonly Line[] => [
  ['RequiresMountsFor', [of.program, of.folder, ...of.reads].map((path) => pathWord(path)).join(' ')],
];

const surroundings = (of: UnitsOf): readonly Line[] => [
  ['WorkingDirectory', wholePath(of.folder)],
  ...names(of.environment).map((name): Line => ['Environment', environmentWord(name, of.environment[name] ?? '')]),
  ['Environment', environmentWord('STACKCTL_STATE_DIR', of.stateDir)],
];

const commandLine = ({ node, program, words }: UnitsOf, command: readonly string[]): string =>
  [programWord(node), ...[program, ...words, ...command].map(argumentWord)].join(' ');

const isBelowTmp = (of: UnitsOf): boolean =>
  [of.node, of.program, of.folder, ...of.reads, of.stateDir].some((path) => /^(\/var)?\/tmp\//.test(`${path}/`));
