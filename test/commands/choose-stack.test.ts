import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseStack } from '../../src/commands/choose-stack.ts';
import { workingFolder } from '../../src/commands/working-folder.ts';
import type { ByName } from '../../src/lib/record.ts';
import { folderWith, invocation } from './kit.ts';
import { mkdir, symlink } from 'node:fs/promises';

interface Case {
  readonly files: ByName<string | null>;
  readonly words?: string;
  readonly cwd?: string;
  readonly environment?: ByName<string>;
}

/** The choice with the folder of the test written as "."; or its problems. */
async function choose({ files, words = '', cwd = '.', environment = {} }: Case): Promise<unknown> {
  const folder = await folderWith(files);
  const choice = await chooseStack(invocation(`plan ${words}`, { cwd: join(folder, cwd), environment }));
  const value = choice.ok
    ? { ...choice.value, settings: undefined, stack: { ...choice.value.stack, environment: undefined } }
    : choice.error.map(({ code, message, hint }) => ({ code, message, hint }));
  return JSON.parse(JSON.stringify(value).replaceAll(folder, '.'));
}

const stack = 'services: {}';
const config = 'stacks:\n  shop: { file: shop.yaml, engine: { host: "unix:///run/docker.sock" }, profiles: [p], env_files: [e.env] }\n  blog: { files: [blog.yaml, more.yaml] }\n';

describe('the files', () => {
  it.each<[string, Case, readonly string[], string]>([
    ['-f', { files: { 'compose.yaml': stack }, words: '-f a.yaml -f b/c.yaml' }, ['./a.yaml', './b/c.yaml'], '--file'],
    ['-f beats COMPOSE_FILE', { files: {}, words: '-f a.yaml', environment: { COMPOSE_FILE: 'b.yaml' } }, ['./a.yaml'], '--file'],
    ['-f beats --stack', { files: { 'stack.config.yaml': config }, words: '-f a.yaml --stack shop' }, ['./a.yaml'], '--file'],
    ['--stack', { files: { 'stack.config.yaml': config, 'compose.yaml': stack }, words: '--stack blog' }, ['./blog.yaml', './more.yaml'], '--stack'],
    ['--stack beats COMPOSE_FILE', { files: { 'stack.config.yaml': config }, words: '--stack shop', environment: { COMPOSE_FILE: 'b.yaml' } }, ['./shop.yaml'], '--stack'],
    ['COMPOSE_FILE', { files: { 'compose.yaml': stack }, environment: { COMPOSE_FILE: 'a.yaml:b.yaml' } }, ['./a.yaml', './b.yaml'], 'COMPOSE_FILE'],
    ['COMPOSE_FILE that is empty', { files: { 'compose.yaml': stack }, environment: { COMPOSE_FILE: '' } }, ['./compose.yaml'], 'found'],
    [
      'COMPOSE_PATH_SEPARATOR',
      { files: {}, environment: { COMPOSE_FILE: 'a.yaml;b:c.yaml', COMPOSE_PATH_SEPARATOR: ';' } },
      ['./a.yaml', './b:c.yaml'],
      'COMPOSE_FILE',
    ],
    ['COMPOSE_FILE of .env', { files: { '.env': 'COMPOSE_FILE=a.yaml\n', 'compose.yaml': stack } }, ['./a.yaml'], 'COMPOSE_FILE in .env'],
    ['COMPOSE_FILE of --env-file', { files: { 'x.env': 'COMPOSE_FILE=a.yaml\n' }, words: '--env-file x.env' }, ['./a.yaml'], 'COMPOSE_FILE in x.env'],
    ['compose.yaml first', { files: { 'docker-compose.yml': stack, 'compose.yml': stack, 'compose.yaml': stack } }, ['./compose.yaml'], 'found'],
    ['compose.yml second', { files: { 'docker-compose.yml': stack, 'compose.yml': stack } }, ['./compose.yml'], 'found'],
    ['docker-compose.yml third', { files: { 'docker-compose.yml': stack, 'docker-compose.yaml': stack } }, ['./docker-compose.yml'], 'found'],
    ['docker-compose.yaml last', { files: { 'docker-compose.yaml': stack } }, ['./docker-compose.yaml'], 'found'],
    ['the override beside it', { files: { 'compose.yaml': stack, 'compose.override.yaml': stack } }, ['./compose.yaml', './compose.override.yaml'], 'found'],
    [
      'the override of another name',
      { files: { 'compose.yaml': stack, 'docker-compose.override.yml': stack } },
      ['./compose.yaml', './docker-compose.override.yml'],
      'found',
    ],
    ['no override with -f', { files: { 'compose.yaml': stack, 'compose.override.yaml': stack }, words: '-f compose.yaml' }, ['./compose.yaml'], '--file'],
    ['upwards', { files: { 'compose.yaml': stack, 'a/b': null }, cwd: 'a/b' }, ['./compose.yaml'], 'found'],
    ['the nearest', { files: { 'compose.yaml': stack, 'a/compose.yml': stack, 'a/b': null }, cwd: 'a/b' }, ['./a/compose.yml'], 'found'],
    ['from --project-directory', { files: { 'a/compose.yaml': stack }, words: '--project-directory a' }, ['./a/compose.yaml'], 'found'],
    ['the only stack of stack.config.yaml', { files: { 'stack.config.yaml': 'stacks: { one: { file: x/y.yaml } }' } }, ['./x/y.yaml'], 'stack.config.yaml:1'],
    ['a file below stack.config.yaml', { files: { '.git': null, 'stack.config.yaml': config, 'a/compose.yaml': stack }, cwd: 'a' }, ['./a/compose.yaml'], 'found'],
  ])('%s', async (_name, given, files, from) => {
    expect(await choose(given)).toMatchObject({ stack: { files }, chosen: { files: { value: files, from } } });
  });

  it('warns when one of several is taken', async () => {
    expect(await choose({ files: { 'compose.yaml': stack, 'docker-compose.yml': stack } })).toMatchObject({
      warnings: [{ code: 'several-stack-files', severity: 'warning', message: '. holds compose.yaml and docker-compose.yml; compose.yaml is taken' }],
    });
  });
});

describe('no files', () => {
  it.each<[string, Case, object]>([
    [
      'several stacks, none chosen',
      { files: { 'stack.config.yaml': config } },
      {
        code: 'stack-ambiguous',
        message: './stack.config.yaml has several stacks, and none is chosen',
        hint: 'choose one:\n--stack blog  (./blog.yaml, ./more.yaml)\n--stack shop  (./shop.yaml)',
      },
    ],
    [
      'somebody else’s file above stack.config.yaml',
      { files: { 'compose.yaml': stack, 'repo/.git': null, 'repo/stack.config.yaml': config, 'repo/a': null }, cwd: 'repo/a' },
      { code: 'stack-ambiguous', message: './repo/stack.config.yaml has several stacks, and none is chosen' },
    ],
    [
      'one file of two stacks',
      { files: { 'compose.yaml': stack, 'stack.config.yaml': 'stacks: { a: { file: compose.yaml }, b: { file: compose.yaml } }' } },
      { code: 'stack-ambiguous', message: './compose.yaml belongs to several stacks of stack.config.yaml' },
    ],
    [
      'a typo in --stack',
      { files: { 'stack.config.yaml': config }, words: '--stack shpo' },
      { code: 'unknown-stack', message: '--stack shpo: ./stack.config.yaml has no stack of that name', hint: 'did you mean "shop"?' },
    ],
    ['an unknown --stack', { files: { 'stack.config.yaml': config }, words: '--stack zzz' }, { code: 'unknown-stack', hint: 'it has blog, shop' }],
    ['a name of Object', { files: { 'stack.config.yaml': config }, words: '--stack constructor' }, { code: 'unknown-stack' }],
    ['--stack without stack.config.yaml', { files: {}, words: '--stack shop' }, { code: 'config-missing' }],
    [
      'nothing',
      { files: {} },
      {
        code: 'no-stack-file',
        message: 'there is no stack file here',
        hint: 'looked for compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml in . and every folder above, and for a stack.config.yaml; name a file with -f',
      },
    ],
    ['standard input', { files: {}, words: '-f -' }, { code: 'stdin-not-supported', hint: 'write it to a file and name that with -f' }],
    ['standard input by COMPOSE_FILE', { files: {}, environment: { COMPOSE_FILE: '-' } }, { code: 'stdin-not-supported' }],
    ['a broken stack.config.yaml', { files: { 'stack.config.yaml': 'stakcs: {}', 'compose.yaml': stack } }, { code: 'unknown-key' }],
  ])('%s', async (_name, given, problem) => {
    expect(await choose(given)).toMatchObject([problem]);
  });

  it('tells of all that is wrong at once', async () => {
    const problems = await choose({ files: {}, words: '--host a --context b', environment: { COMPOSE_PARALLEL_LIMIT: 'x' } });
    expect(problems).toMatchObject([{ code: 'bad-setting' }, { code: 'no-stack-file' }, { code: 'engine-ambiguous' }]);
  });
});

describe('the engine', () => {
  const files = { 'stack.config.yaml': config, 'compose.yaml': stack };
  it.each<[string, Case, object]>([
    ['--host', { files, words: '--host tcp://x:1' }, { engine: { host: 'tcp://x:1' }, chosen: { engine: { from: '--host' } } }],
    ['--context', { files, words: '--context far' }, { engine: { context: 'far' } }],
    ['a flag beats the stack', { files, words: '--stack shop -H tcp://x:1', environment: { DOCKER_HOST: 'tcp://y:2' } }, { engine: { host: 'tcp://x:1' } }],
    ['of the stack', { files, words: '--stack shop' }, { engine: { host: 'unix:///run/docker.sock' }, chosen: { engine: { from: 'stack.config.yaml:2' } } }],
    ['of the stack of that file', { files: { ...files, 'shop.yaml': stack }, words: '-f shop.yaml' }, { engine: { host: 'unix:///run/docker.sock' } }],
    [
      'a DOCKER_HOST that agrees',
      { files, words: '--stack shop', environment: { DOCKER_HOST: 'unix:///var/run/docker.sock' } },
      { engine: { host: 'unix:///run/docker.sock' } },
    ],
    ['a DOCKER_CONTEXT, which the stack beats', { files, words: '--stack shop', environment: { DOCKER_CONTEXT: 'x' } }, { engine: { host: 'unix:///run/docker.sock' } }],
    ['DOCKER_HOST', { files, environment: { DOCKER_HOST: 'tcp://y:2' } }, { engine: {}, chosen: { engine: { from: 'DOCKER_HOST' } } }],
    ['nobody says', { files }, { engine: {}, chosen: { engine: { from: 'docker’s own choice' } } }],
  ])('%s', async (_name, given, expected) => {
    expect(await choose(given)).toMatchObject(expected);
  });

  it.each<[string, Case, string]>([
    ['--host and --context', { files, words: '--host a --context b' }, '--host and --context both name an engine'],
    [
      'a DOCKER_HOST that disagrees',
      { files, words: '--stack shop', environment: { DOCKER_HOST: 'tcp://y:2' } },
      'the stack shop is for the engine unix:///run/docker.sock (stack.config.yaml:2), but DOCKER_HOST is tcp://y:2',
    ],
    [
      'a DOCKER_HOST beside a context',
      { files: { 'stack.config.yaml': 'stacks: { a: { file: x, engine: { context: far } } }' }, environment: { DOCKER_HOST: 'tcp://y:2' } },
      'the stack a is for the engine of the context far (stack.config.yaml:1), but DOCKER_HOST is tcp://y:2',
    ],
  ])('not: %s', async (_name, given, message) => {
    expect(await choose(given)).toMatchObject([{ message }]);
  });
});

describe('profiles, variables and names', () => {
  const files = { 'stack.config.yaml': config, 'compose.yaml': stack };
  it.each<[string, Case, object]>([
    ['of flags', { files, words: '--profile a --profile b --env-file x.env -p n --stack shop' }, { profiles: ['a', 'b'], envFiles: ['./x.env'], projectName: 'n' }],
    ['of the environment, which the reader asks itself', { files, words: '--stack shop', environment: { COMPOSE_PROFILES: 'q', COMPOSE_PROJECT_NAME: 'n' } }, { profiles: [] }],
    ['of an env file, which the reader asks itself', { files: { ...files, 'e.env': 'COMPOSE_PROFILES=q' }, words: '--stack shop' }, { profiles: [], envFiles: ['./e.env'] }],
    ['of COMPOSE_ENV_FILES', { files, words: '--stack shop', environment: { COMPOSE_ENV_FILES: 'a.env,/b.env' } }, { envFiles: ['./a.env', '/b.env'] }],
    ['of the stack', { files, words: '--stack shop' }, { profiles: ['p'], envFiles: ['./e.env'] }],
    ['of nobody', { files }, { profiles: [], envFiles: [] }],
    ['a project directory', { files, words: '--project-directory sub -f compose.yaml' }, { projectDirectory: './sub', files: ['./compose.yaml'] }],
  ])('%s', async (_name, given, expected) => {
    expect(await choose(given)).toMatchObject({ stack: expected });
  });

  it('leaves the project directory and the name to the reader', async () => {
    const choice = await choose({ files });
    expect(Object.keys((choice as { stack: object }).stack).sort()).toEqual(['cwd', 'envFiles', 'files', 'profiles']);
  });
});

describe('the working directory', () => {
  it('has the name by which the shell knows it', async () => {
    const folder = await folderWith({ real: null });
    await symlink('real', join(folder, 'link'));
    const [real, link] = [join(folder, 'real'), join(folder, 'link')];
    expect(workingFolder({ PWD: link }, () => real)).toBe(link);
    expect(workingFolder({ PWD: folder }, () => real)).toBe(real);
    expect(workingFolder({ PWD: `${link}/.` }, () => real)).toBe(real);
    expect(workingFolder({}, () => real)).toBe(real);
    await mkdir(join(folder, 'other'));
    expect(workingFolder({ PWD: join(folder, 'gone') }, () => real)).toBe(real);
  });

  it('may be gone', () => {
    const gone = (): string => {
      throw new Error('ENOENT: uv_cwd');
    };
    expect(workingFolder({}, gone)).toBeUndefined();
  });
});
