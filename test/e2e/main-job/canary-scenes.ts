import { expect } from 'vitest';
import { start, type Started } from '../bad-days/started.ts';
import { healthy, service, stack } from '../bad-days/stacks.ts';
import type { CanaryRig } from './canary-rig.ts';

/** Something that happens to a stack full of canaries, and what is asked of stackctl then: words, and the exit code. */
export interface Scene {
  readonly given: string;
  /** Of the stack and its values. */
  readonly version: string;
  readonly happens?: (stage: CanaryRig) => Promise<void>;
  readonly runs: readonly (readonly [words: string, exitCode: number])[];
  /** Each runs until it has told of a container that is removed meanwhile. */
  readonly watches?: readonly string[];
  /** Of each of these runs. */
  readonly env?: (stage: CanaryRig) => Promise<Record<string, string>>;
}

/** Fails from within where it writes the labels of a container. */
const poison = `
const stringify = JSON.stringify;
JSON.stringify = (value, ...rest) => {
  if (value && value.hashes && value.key) throw new TypeError('poisoned');
  return stringify(value, ...rest);
};
`;

/** Each command in each of its forms; a scene begins where the one before it ended. */
export const scenes: readonly Scene[] = [
  {
    given: 'files, and nothing on the engine',
    version: '1',
    happens: (stage) => stage.write('1'),
    runs: [
      ...bothWays(['version', 'help', 'help up', 'validate', 'history', 'ports', 'orphans', 'config --settings'], 0),
      ...bothWays(['completion bash', 'completion zsh', 'completion fish'], 0),
      ...['--services', '--images', '--networks', '--volumes', '--profiles', '--hash=*', '--quiet'].map(
        (flag) => [`config ${flag}`, 0] as const,
      ),
      ...bothWays(['plan', 'plan --verbose', 'status', 'drift', 'unlock', 'recover'], 0),
      ...bothWays(['lint'], 2),
      ['lint --format sarif', 2],
      ['lint --format github', 2],
      ['plan --oops', 1],
      ['plan --out first.plan', 0],
      ['apply --yes --json first.plan', 0],
      ['apply --yes --json first.plan', 6],
    ],
  },
  {
    given: 'another version',
    version: '2',
    happens: (stage) => stage.write('2'),
    runs: [
      ...bothWays(['plan', 'plan --verbose', 'status', 'drift'], 0),
      ['up', 1],
      ['up --dry-run', 1],
      ['up --yes -d', 0],
      ['up --yes --json --force-recreate', 0],
      ...bothWays(['rollback --yes'], 0),
      ...bothWays(['rollback 1'], 1),
      ...bothWays(
        [
          'ports --all',
          'volume list',
          'orphans',
          'orphans --end --yes',
          'units',
          'status',
          'volume fix --yes',
          'history',
          'history show 1',
          'history show 2',
        ],
        0,
      ),
    ],
  },
  {
    given: 'a container that somebody stopped',
    version: '2',
    happens: async ({ rig }) => {
      const [web] = await containersOf(rig);
      await rig.project.docker.getContainer(web ?? '').stop();
    },
    runs: [...bothWays(['drift'], 2), ...bothWays(['status', 'plan'], 0), ['apply --yes', 0]],
  },
  {
    given: 'a container that somebody removed while a watch was there',
    version: '2',
    watches: ['watch', 'watch --json', 'watch --policy heal --yes', 'watch --policy heal --yes --json'],
    runs: [['apply --yes', 0]],
  },
  {
    given: 'a version that does not come up',
    version: '3',
    happens: (stage) => stage.write('3', false),
    runs: [...bothWays(['apply --yes', 'up --yes'], 3), ...bothWays(['history show'], 1), ...bothWays(['history show 6'], 0)],
  },
  {
    given: 'a fault in stackctl itself',
    version: '2',
    happens: (stage) => stage.write('2'),
    env: async ({ rig }) => {
      await rig.project.write('poison.cjs', poison);
      return { NODE_OPTIONS: `--require=${rig.project.folder}/poison.cjs` };
    },
    runs: bothWays(['apply --yes --force-recreate', 'up --yes --force-recreate'], 70),
  },
  {
    given: 'a run that was killed',
    version: '3',
    happens: async (stage) => {
      await stage.write('3');
      await killedAtRename(stage, '3');
    },
    runs: [
      ...bothWays(['status', 'unlock', 'history'], 0),
      ...bothWays(['plan', 'apply --yes', 'recover', 'recover --resume'], 1),
      ['recover --yes', 0],
    ],
  },
  {
    given: 'another run that was killed',
    version: '3',
    happens: (stage) => killedAtRename(stage, '3'),
    runs: [['recover --yes --resume --json', 0]],
  },
  {
    given: 'a third run that was killed, of another version',
    version: '1',
    happens: async (stage) => {
      await stage.write('1');
      await killedAtRename(stage, '1');
    },
    runs: [
      ['recover --forget --yes --json', 0],
      ['recover --forget --yes', 0],
    ],
  },
  {
    given: 'a stack to import',
    version: '1',
    happens: ({ rig }) => rig.project.write('imported/read.me', ''),
    runs: [
      ['apply --yes --remove-orphans', 0],
      ['import --project $PROJECT', 0],
      ['import --project $PROJECT --json', 0],
      ['import --project $PROJECT --out imported/stack.yaml', 0],
    ],
  },
  {
    given: 'an image of a registry that wants a login and does not answer',
    version: '1',
    happens: async ({ rig }) => {
      const elsewhere = stack(service('web', healthy, 'pull_policy: always')).replace('stackctl/busybox:1', '127.0.0.1:9/web:1');
      await rig.write(`x-stack: { sensitive: [MY_PIN] }\n${elsewhere}`);
    },
    runs: [...bothWays(['lock', 'lock --check', 'apply --yes --pull'], 1), ...bothWays(['apply --frozen'], 1)],
  },
  {
    given: 'its end',
    version: '1',
    runs: [
      ['down', 1],
      ['down --yes --json', 0],
      ['down --yes', 0],
      ['down --json', 0],
    ],
  },
];

/** As text and as data. */
function bothWays(words: readonly string[], exitCode: number): (readonly [string, number])[] {
  return words.flatMap((each) => [
    [each, exitCode],
    [`${each} --json`, exitCode],
  ]);
}

const containersOf = async ({ project }: CanaryRig['rig']): Promise<string[]> => Object.keys(await project.containers());

function started({ rig, environment }: CanaryRig, words: string, version: string): Started {
  const { project, proxy } = rig;
  const own = { DOCKER_HOST: proxy.dockerHost, XDG_STATE_HOME: `${project.folder}/.state`, COMPOSE_PROJECT_NAME: project.name };
  return start(words.split(' '), { cwd: project.folder, env: { ...environment(version), ...own } });
}

/** The watch tells of it, or mends it; then it is ended, and the container is there again. */
export async function watchedRemoval(stage: CanaryRig, words: string): Promise<void> {
  const { rig, told } = stage;
  const run = started(stage, words, '2');
  await (words.includes('--json') ? run.saidOut('"type":"watching"') : run.saidOut('atching'));
  const [web] = await containersOf(rig);
  await rig.project.docker.getContainer(web ?? '').remove({ force: true });
  await run.saidOut('web');
  if (words.includes('heal')) await expect.poll(() => containersOf(rig), { timeout: 30_000 }).toHaveLength(1);
  run.signal('SIGINT');
  const { stdout, stderr } = await run.ended;
  told.set(words, stdout + stderr);
  await stage.run('apply --yes', '2', 0);
}

/** An apply that ends right before the old container is put aside. */
async function killedAtRename(stage: CanaryRig, version: string): Promise<void> {
  const { rig, told } = stage;
  const words = 'apply --yes --json';
  const run = started(stage, words, version);
  const end = rig.proxy.before({ method: 'POST', path: /\/rename/ }, async () => {
    run.signal('SIGKILL');
    await run.ended;
  });
  const { stdout, stderr, signal, exitCode } = await run.ended;
  end();
  expect.soft([signal, exitCode, stdout.slice(-500)]).toEqual(['SIGKILL', null, expect.anything()]);
  told.set(`${words}, killed (${told.size})`, stdout + stderr);
}
