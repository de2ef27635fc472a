import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workingFolder } from '../../src/commands/working-folder.ts';
import { choose, config, stack, type Case } from './choose-kit.ts';
import { folderWith } from './kit.ts';

describe('the engine', () => {
  const files = { 'stack.config.yaml': config, 'compose.yaml': stack };
  it.each<[string, Case, object]>([
    ['--host', { files, words: '--host tcp://x:1' }, { engine: { host: 'tcp://x:1' }, chosen: { engine: { from: '--host' } } }],
    ['--context', { files, words: '--context far' }, { engine: { context: 'far' } }],
    [
      'a flag beats the stack',
      { files, words: '--stack shop -H tcp://x:1', environment: { DOCKER_HOST: 'tcp://y:2' } },
      { engine: { host: 'tcp://x:1' } },
    ],
    [
      'of the stack',
      { files, words: '--stack shop' },
      { engine: { host: 'unix:///run/docker.sock' }, chosen: { engine: { from: 'stack.config.yaml:2' } } },
    ],
    [
      'of the stack of that file',
      { files: { ...files, 'shop.yaml': stack }, words: '-f shop.yaml' },
      { engine: { host: 'unix:///run/docker.sock' } },
    ],
    [
      'a DOCKER_HOST that agrees',
      { files, words: '--stack shop', environment: { DOCKER_HOST: 'unix:///var/run/docker.sock' } },
      { engine: { host: 'unix:///run/docker.sock' } },
    ],
    [
      'a DOCKER_CONTEXT, which the stack beats',
      { files, words: '--stack shop', environment: { DOCKER_CONTEXT: 'x' } },
      { engine: { host: 'unix:///run/docker.sock' } },
    ],
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
    [
      'of flags',
      { files, words: '--profile a --profile b --env-file x.env -p n --stack shop' },
      { profiles: ['a', 'b'], envFiles: ['./x.env'], projectName: 'n' },
    ],
    [
      'of the environment, which the reader asks itself',
      { files, words: '--stack shop', environment: { COMPOSE_PROFILES: 'q', COMPOSE_PROJECT_NAME: 'n' } },
      { profiles: [] },
    ],
    [
      'of an env file, which the reader asks itself',
      { files: { ...files, 'e.env': 'COMPOSE_PROFILES=q' }, words: '--stack shop' },
      { profiles: [], envFiles: ['./e.env'] },
    ],
    [
      'of COMPOSE_ENV_FILES',
      { files, words: '--stack shop', environment: { COMPOSE_ENV_FILES: 'a.env,/b.env' } },
      { envFiles: ['./a.env', '/b.env'] },
    ],
    ['of the stack', { files, words: '--stack shop' }, { profiles: ['p'], envFiles: ['./e.env'] }],
    ['of nobody', { files }, { profiles: [], envFiles: [] }],
    [
      'a project directory',
      { files, words: '--project-directory sub -f compose.yaml' },
      { projectDirectory: './sub', files: ['./compose.yaml'] },
    ],
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
