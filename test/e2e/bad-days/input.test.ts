import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  /** In this order. */
  readonly says: readonly string[];
}

const one = (...lines: readonly string[]): string => ['services:', '  web:', '    image: stackctl/busybox:1', ...lines, ''].join('\n');

const cases: readonly Case[] = [
  { name: 'is not YAML', text: 'services:\n  web: [image\n  db: {}\n', says: ['compose.yaml:', 'this is not YAML'] },
  { name: 'has a tab for an indent', text: 'services:\n\tweb: {}\n', says: ['compose.yaml:2:1: error:', 'tab'] },
  { name: 'is empty', text: '', says: ['compose.yaml'] },
  { name: 'is a list', text: '- web\n', says: ['compose.yaml:1:1: error:'] },
  {
    name: 'has an unknown key',
    text: one('    imgae: x'),
    says: ['compose.yaml:4:5: error:', '"imgae"', '   4 |     imgae: x', '     |     ^~~~~', 'hint:', '"image"'],
  },
  { name: 'has an unknown key at the top', text: `${one()}servces: {}\n`, says: ['compose.yaml:4:1: error:', '"servces"', '"services"'] },
  {
    name: 'has an unknown key under x-stack',
    text: one('    x-stack: { redy: { tcp: 80 } }'),
    says: ['compose.yaml:4:16: error:', '"redy"', '"ready"'],
  },
  {
    name: 'has a key that is for a program of this machine',
    text: one('    provider: { type: aws }'),
    says: ['compose.yaml:4:5: error:', '"provider" is not for an engine', 'run that program yourself'],
  },
  {
    name: 'has an x-stack key of a later version',
    text: one('    x-stack: { pool: { warm: 2 } }'),
    says: ['compose.yaml:4:16: error:', '"pool" is not supported by this version yet'],
  },
  { name: 'has a value of a wrong type', text: one('    ports: 80'), says: ['compose.yaml:4:12: error:', 'list'] },
  {
    name: 'has a duration that is none',
    text: one('    healthcheck: { test: [CMD, "true"], interval: soon }'),
    says: ['compose.yaml:4:51: error:', 'soon'],
  },
  { name: 'has a port that is none', text: one('    ports: ["99999:80"]'), says: ['compose.yaml:4:13: error:', '99999'] },
  { name: 'has a key twice', text: one('    image: other'), says: ['compose.yaml:4:5: error:', 'image'] },
  {
    name: 'depends on a service that is not there',
    text: one('    depends_on: [dbb]', '  db: { image: x }'),
    says: ['compose.yaml:4:18: error:', 'dbb', 'hint:', 'db'],
  },
  {
    name: 'depends on itself in a circle',
    text: 'services:\n  a: { image: x, depends_on: [b] }\n  b: { image: x, depends_on: [c] }\n  c: { image: x, depends_on: [a] }\n',
    says: ['compose.yaml:', 'a', 'b', 'c', 'a'],
  },
  {
    name: 'uses a volume that is not there',
    text: one('    volumes: ["dta:/data"]') + 'volumes: { data: {} }\n',
    says: ['compose.yaml:4:15: error:', 'dta', 'data'],
  },
  {
    name: 'uses a network that is not there',
    text: one('    networks: [frnt]') + 'networks: { front: {} }\n',
    says: ['compose.yaml:4:16: error:', 'frnt', 'front'],
  },
  {
    name: 'uses a secret that is not there',
    text: one('    secrets: [tokn]') + 'secrets: { token: { file: compose.yaml } }\n',
    says: ['compose.yaml:4:15: error:', 'tokn', 'token'],
  },
  {
    name: 'names a secret file that is not there',
    text: one('    secrets: [token]') + 'secrets: { token: { file: no/such.txt } }\n',
    says: ['compose.yaml:5:27: error:', 'no/such.txt'],
  },
  {
    name: 'names an env file that is not there',
    text: one('    env_file: [missing.env]'),
    says: ['compose.yaml:4:16: error:', 'missing.env'],
  },
  {
    name: 'needs a variable that nobody set',
    text: one('    environment: { A: "${APP_TAG:?set it to the release, such as v12}" }'),
    says: ['compose.yaml:4:', 'APP_TAG', 'set it to the release, such as v12'],
  },
  { name: 'has a broken variable', text: one('    environment: { A: "${APP" }'), says: ['compose.yaml:4:', '${APP'] },
  {
    name: 'has a prototype for a key',
    text: one('    environment: { __proto__: x, constructor: y }', '    nope: 1'),
    says: ['compose.yaml:5:5: error:', '"nope"'],
  },
];

/** No engine is asked: there is none at that address. */
async function expectRefused(project: Project, words: string, says: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await project.stackctl(words.split(' '), {
    env: { DOCKER_HOST: 'unix:///nowhere.sock', APP_TAG: '' },
  });
  expect([words, exitCode, stdout]).toEqual([words, 1, '']);
  let rest = stderr;
  for (const text of says) {
    expect(rest, stderr).toContain(text);
    rest = rest.slice(rest.indexOf(text) + text.length);
  }
  expect(stderr).not.toMatch(/^ {4}at |undefined|\[object/m);
}

test.each(cases)('a file that $name: told at its place', async ({ text, says }) => {
  await using project = await createProject();
  await project.write('compose.yaml', text);
  await expectRefused(project, 'validate', says);
});

test('all that is wrong is told at once, by its place, by validate, plan and apply alike', async () => {
  await using project = await createProject();
  await project.write(
    'compose.yaml',
    one(
      '    imgae: x',
      '    ports: ["99999:80"]',
      '    depends_on: [db]',
      '    volumes: ["data:/data"]',
      '  api: { image: x, networks: [inner] }',
    ),
  );
  const says = [':4:5: error:', ':5:13: error:', ':6:18: error:', ':7:15: error:', ':8:', '5 errors'];
  await expectRefused(project, 'validate', says);
  await expectRefused(project, 'plan', [...says.slice(0, -1), 'No engine is running', '6 errors, nothing was touched']);
  await expectRefused(project, 'apply --yes', [...says.slice(0, -1), 'nothing was touched']);
});

test('two files: each fault is told in its own', async () => {
  await using project = await createProject();
  await project.write('base.yaml', one('    imgae: x'));
  await project.write('more.yaml', 'services:\n  web:\n    prots: ["80"]\n');
  await expectRefused(project, 'validate -f base.yaml -f more.yaml', [
    'base.yaml:4:5: error:',
    'imgae',
    'more.yaml:3:5: error:',
    'prots',
    '"ports"',
    '2 errors',
  ]);
});

const lines: readonly (readonly [string, readonly string[]])[] = [
  ['aply', ['no command "aply"', 'did you mean "stackctl apply"?']],
  ['paln --json', ['plan']],
  ['logs web', ['not supported by this version yet']],
  ['apply --yse', ['stackctl apply has no flag --yse', 'did you mean --yes?']],
  ['plan --detailed-exit-code', ['did you mean --detailed-exitcode?']],
  ['apply --out x', ['--out', 'stackctl plan']],
  ['plan --out', ['--out needs a value']],
  ['apply --timeout soon', ['--timeout takes', '"soon"']],
  ['apply --parallelism 0', ['--parallelism takes', '"0"']],
  ['plan -f gone.yaml', ['gone.yaml']],
  ['plan --stack shop', ['shop', 'stack.config.yaml']],
  ['apply one two', ['"two"']],
  ['up --dry-run', ['not supported by this version yet', 'hint:']],
];

test.each(lines)('stackctl %s: what is wrong and what was probably meant', async (words, says) => {
  await using project = await createProject();
  await project.write('compose.yaml', one());
  const { exitCode, stdout, stderr } = await project.stackctl(words.split(' '), { env: { DOCKER_HOST: 'unix:///nowhere.sock' } });
  expect(exitCode).toBe(1);
  const said = stdout + stderr;
  for (const text of says) expect(said).toContain(text);
  expect(said).not.toMatch(/^ {4}at |undefined|\[object/m);
});

test('no stack file at all: where was looked, and what to do', async () => {
  await using project = await createProject();
  await expectRefused(project, 'plan', ['error: there is no stack file here', 'hint:', 'compose.yaml', '-f', 'nothing was touched']);
});
