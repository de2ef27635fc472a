import { describe, expect, it } from 'vitest';
import { choose, config, stack, type Case } from './choose-kit.ts';

describe('the files', () => {
  it.each<[string, Case, readonly string[], string]>([
    ['-f', { files: { 'compose.yaml': stack }, words: '-f a.yaml -f b/c.yaml' }, ['./a.yaml', './b/c.yaml'], '--file'],
    ['-f beats COMPOSE_FILE', { files: {}, words: '-f a.yaml', environment: { COMPOSE_FILE: 'b.yaml' } }, ['./a.yaml'], '--file'],
    ['-f beats --stack', { files: { 'stack.config.yaml': config }, words: '-f a.yaml --stack shop' }, ['./a.yaml'], '--file'],
    [
      '--stack',
      { files: { 'stack.config.yaml': config, 'compose.yaml': stack }, words: '--stack blog' },
      ['./blog.yaml', './more.yaml'],
      '--stack',
    ],
    [
      '--stack beats COMPOSE_FILE',
      { files: { 'stack.config.yaml': config }, words: '--stack shop', environment: { COMPOSE_FILE: 'b.yaml' } },
      ['./shop.yaml'],
      '--stack',
    ],
    [
      'COMPOSE_FILE',
      { files: { 'compose.yaml': stack }, environment: { COMPOSE_FILE: 'a.yaml:b.yaml' } },
      ['./a.yaml', './b.yaml'],
      'COMPOSE_FILE',
    ],
    ['COMPOSE_FILE that is empty', { files: { 'compose.yaml': stack }, environment: { COMPOSE_FILE: '' } }, ['./compose.yaml'], 'found'],
    [
      'COMPOSE_PATH_SEPARATOR',
      { files: {}, environment: { COMPOSE_FILE: 'a.yaml;b:c.yaml', COMPOSE_PATH_SEPARATOR: ';' } },
      ['./a.yaml', './b:c.yaml'],
      'COMPOSE_FILE',
    ],
    ['COMPOSE_FILE of .env', { files: { '.env': 'COMPOSE_FILE=a.yaml\n', 'compose.yaml': stack } }, ['./a.yaml'], 'COMPOSE_FILE in .env'],
    [
      'COMPOSE_FILE of .env, unless COMPOSE_DISABLE_ENV_FILE',
      { files: { '.env': 'COMPOSE_FILE=a.yaml\n', 'compose.yaml': stack }, environment: { COMPOSE_DISABLE_ENV_FILE: '1' } },
      ['./compose.yaml'],
      'found',
    ],
    [
      'COMPOSE_FILE of --env-file',
      { files: { 'x.env': 'COMPOSE_FILE=a.yaml\n' }, words: '--env-file x.env' },
      ['./a.yaml'],
      'COMPOSE_FILE in x.env',
    ],
    [
      'compose.yaml first',
      { files: { 'docker-compose.yml': stack, 'compose.yml': stack, 'compose.yaml': stack } },
      ['./compose.yaml'],
      'found',
    ],
    ['compose.yml second', { files: { 'docker-compose.yml': stack, 'compose.yml': stack } }, ['./compose.yml'], 'found'],
    [
      'docker-compose.yml third',
      { files: { 'docker-compose.yml': stack, 'docker-compose.yaml': stack } },
      ['./docker-compose.yml'],
      'found',
    ],
    ['docker-compose.yaml last', { files: { 'docker-compose.yaml': stack } }, ['./docker-compose.yaml'], 'found'],
    [
      'the override beside it',
      { files: { 'compose.yaml': stack, 'compose.override.yaml': stack } },
      ['./compose.yaml', './compose.override.yaml'],
      'found',
    ],
    [
      'the override of another name',
      { files: { 'compose.yaml': stack, 'docker-compose.override.yml': stack } },
      ['./compose.yaml', './docker-compose.override.yml'],
      'found',
    ],
    [
      'no override with -f',
      { files: { 'compose.yaml': stack, 'compose.override.yaml': stack }, words: '-f compose.yaml' },
      ['./compose.yaml'],
      '--file',
    ],
    ['upwards', { files: { 'compose.yaml': stack, 'a/b': null }, cwd: 'a/b' }, ['./compose.yaml'], 'found'],
    ['the nearest', { files: { 'compose.yaml': stack, 'a/compose.yml': stack, 'a/b': null }, cwd: 'a/b' }, ['./a/compose.yml'], 'found'],
    ['from --project-directory', { files: { 'a/compose.yaml': stack }, words: '--project-directory a' }, ['./a/compose.yaml'], 'found'],
    [
      'the only stack of stack.config.yaml',
      { files: { 'stack.config.yaml': 'stacks: { one: { file: x/y.yaml } }' } },
      ['./x/y.yaml'],
      'stack.config.yaml:1',
    ],
    [
      'a file below stack.config.yaml',
      { files: { '.git': null, 'stack.config.yaml': config, 'a/compose.yaml': stack }, cwd: 'a' },
      ['./a/compose.yaml'],
      'found',
    ],
  ])('%s', async (...[, given, files, from]) => {
    expect(await choose(given)).toMatchObject({ stack: { files }, chosen: { files: { value: files, from } } });
  });

  it('warns when one of several is taken', async () => {
    expect(await choose({ files: { 'compose.yaml': stack, 'docker-compose.yml': stack } })).toMatchObject({
      warnings: [
        { code: 'several-stack-files', severity: 'warning', message: '. holds compose.yaml and docker-compose.yml; compose.yaml is taken' },
      ],
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
    [
      'an unknown --stack',
      { files: { 'stack.config.yaml': config }, words: '--stack zzz' },
      { code: 'unknown-stack', hint: 'it has blog, shop' },
    ],
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
