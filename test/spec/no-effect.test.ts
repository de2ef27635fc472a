import { describe, expect, it } from 'vitest';
import { problemsOf } from './stack-folder.ts';

const inWeb = (yaml: string) => `services:\n  web:\n    image: i\n    ${yaml}\n`;

describe('what a secret or config is given with', () => {
  const beside = (...keys: string[]) => keys.map((key) => `${key} no-effect`);
  const codes = async (use: string, declared: string) =>
    (await problemsOf(inWeb(`configs: [{source: c, ${use}}]`) + `configs: {c: {${declared}}}`)).map((line) =>
      line.replace(/^\d+:\d+ (warning )?([\w-]+): "([^"]*)".*$/, '$3 $2'),
    );

  it.each([
    ['a file is mounted as it is', 'uid: "5", gid: "5", mode: 0440', 'file: /dev/null', beside('uid', 'gid', 'mode')],
    ['a file without a word', 'target: /x', 'file: compose.yaml', []],
    ['a text has them', 'uid: "5", gid: "5", mode: 0440', 'content: a', []],
  ])('%s', async (_what, use, declared, problems) => {
    expect((await codes(use, declared)).filter((line) => line.endsWith('no-effect'))).toEqual(problems);
  });

  it.each([
    ['uid: abc', 'bad-number: "uid" must be a number from 0 to 2097151, not "abc"'],
    ['uid: "1.5"', 'bad-number: "uid" must be a number from 0 to 2097151, not "1.5"'],
    ['gid: "-1"', 'bad-number: "gid" must be a number from 0 to 2097151, not "-1"'],
    ['gid: "2097152"', 'bad-number: "gid" must be a number from 0 to 2097151, not "2097152"'],
    ['mode: 0999', 'bad-number: "999" is not a file mode (such as 0o440)'],
    ['mode: 440.0', 'bad-number: "440" is not a file mode (such as 0o440)'],
  ])('refuses %s', async (use, problem) => {
    const problems = await problemsOf(inWeb(`configs: [{source: c, ${use}}]`) + 'configs: {c: {content: a}}');
    expect(problems.map((line) => line.replace(/^4:\d+ /, ''))).toEqual([problem]);
  });
});

describe('options of mounts', () => {
  const found = async (mount: string) =>
    (await problemsOf(inWeb(`volumes: [${mount}]`) + 'volumes: {data: }')).map((line) => line.replace(/^4:\d+ /, ''));
  const unheard = (path: string, type: string) => `warning no-effect: "${path}" has no effect here: the mount is of type ${type}`;

  it.each([
    [
      '{type: bind, source: ., target: /x, volume: {nocopy: true, subpath: a}, tmpfs: {mode: 0700}}',
      'volume.nocopy volume.subpath tmpfs.mode',
    ],
    ['{type: tmpfs, source: x, target: /x, bind: {propagation: rshared}, tmpfs: {size: 1m}}', 'source bind.propagation'],
    ['{type: volume, source: data, target: /x, tmpfs: {size: 1m}, bind: {create_host_path: true}}', 'bind.create_host_path tmpfs.size'],
    ['{type: image, source: i, target: /x, image: {subpath: a}, volume: {subpath: a}}', 'volume.subpath'],
    ['"./a:/x:nocopy"', 'volume.nocopy'],
    ['"data:/x:z,nocopy"', ''],
    ['"./a:/x:Z,rshared"', ''],
    ['{type: bind, source: ., target: /x, volume: {nocopy: false, labels: {}}, bind: {recursive: enabled}}', ''],
  ])('%s', async (mount, paths) => {
    const type = /type: (\w+)/.exec(mount)?.[1] ?? 'bind';
    const wanted = paths.split(' ').filter((path) => path !== '');
    expect((await found(mount)).sort()).toEqual(wanted.map((path) => unheard(path, type)).sort());
  });

  it.each([
    ['"data:/x:rshared"', '"bind.propagation" is for a folder of the host: an engine takes no volume with it'],
    [
      '{type: volume, source: data, target: /x, bind: {recursive: readonly}}',
      '"bind.recursive" is for a folder of the host: an engine takes no volume with it',
    ],
    [
      '{type: bind, source: ., target: /x, bind: {selinux: z, create_host_path: false}}',
      '"bind.selinux" and "bind.create_host_path" cannot be given together: the Engine API has no request for both',
    ],
    [
      '{type: bind, source: ., target: /x, bind: {selinux: z, recursive: disabled}}',
      '"bind.selinux" and "bind.recursive" cannot be given together: the Engine API has no request for both',
    ],
    [
      '{type: volume, source: data, target: /x, bind: {selinux: z}, volume: {subpath: a}}',
      '"bind.selinux" and "volume.subpath" cannot be given together: the Engine API has no request for both',
    ],
    [
      '{type: volume, target: /x, bind: {selinux: z}}',
      '"bind.selinux" cannot be given to a volume without a name: the Engine API has no request for it',
    ],
    [
      '{type: bind, source: "./a:b", target: /x, bind: {selinux: z}}',
      '"bind.selinux" cannot be given to a mount with a colon in its path: the Engine API has no request for it',
    ],
  ])('refuses %s', async (mount, message) => {
    expect(await found(mount)).toEqual([`mount-options: ${message}`]);
  });
});

describe('attempts to restart', () => {
  const attempts = async (policy: string) => problemsOf(inWeb(`deploy: {restart_policy: {${policy}}}`));

  it.each(['max_attempts: 3', 'condition: "any", max_attempts: 3', 'condition: none, max_attempts: 3'])('%s', async (policy) => {
    expect(await attempts(policy)).toEqual([
      expect.stringMatching(/^4:\d+ warning no-effect: "max_attempts" has no effect here: only "condition: on-failure" counts attempts$/),
    ]);
  });

  it.each(['condition: on-failure, max_attempts: 3', 'max_attempts: 0', 'condition: "any"'])('are counted, or none: %s', async (policy) => {
    expect(await attempts(policy)).toEqual([]);
  });
});

describe('keys that nothing on one machine reads', () => {
  const warned = (key: string, why: string) => `warning no-effect: "${key}" has no effect here: ${why}`;
  const swarm = 'only Swarm acts on it';
  const nobody = 'Docker Compose does not act on it either';

  it.each([
    ['{target: 80, mode: host}', [warned('mode', swarm)]],
    ['{target: 80, name: web, app_protocol: http}', [warned('name', nobody), warned('app_protocol', nobody)]],
    ['{target: 80, mode: ingress}', []],
    ['80', []],
  ])('ports: %s', async (port, problems) => {
    expect((await problemsOf(inWeb(`ports: [${port}]`))).map((line) => line.replace(/^4:\d+ /, ''))).toEqual(problems);
  });

  it.each([
    ['configs: {c: {content: a, name: other}}', [warned('name', swarm)]],
    ['secrets: {s: {file: compose.yaml, name: other}}', [warned('name', swarm)]],
    ['configs: {c: {content: a}}', []],
  ])('%s', async (yaml, problems) => {
    expect((await problemsOf(yaml)).map((line) => line.replace(/^1:\d+ /, ''))).toEqual(problems);
  });
});
