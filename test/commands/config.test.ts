import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { containing, folderWith } from './kit.ts';
import { makeProgram } from './program.ts';

/** The problems of a stack.config.yaml with this text. */
async function problemsOf(text: string): Promise<unknown> {
  const folder = await folderWith({ 'stack.config.yaml': text });
  const config = await readConfig(folder);
  return config.ok
    ? []
    : config.error.map(
        ({ code, message, hint, at }) => `${at?.line}:${at?.column} ${code}: ${message}${hint === undefined ? '' : ` | ${hint}`}`,
      );
}

describe('stack.config.yaml', () => {
  it('says where stacks lie and what holds unless something else is said', async () => {
    const folder = await folderWith({
      'stack.config.yaml': [
        'stacks:',
        '  shop: { file: stacks/shop.yaml, engine: { host: "unix:///run/docker.sock" }, profiles: [web], env_files: [prod.env] }',
        '  both: { files: [a.yaml, /abs/b.yaml], engine: { context: far } }',
        'defaults: { timeout: 5m, parallelism: 4, state_dir: .state, progress: plain }',
        'x-note: mine',
      ].join('\n'),
    });
    const config = await readConfig(folder);
    expect(config.ok && config.value).toMatchObject({
      file: join(folder, 'stack.config.yaml'),
      stacks: {
        shop: {
          name: 'shop',
          files: [join(folder, 'stacks/shop.yaml')],
          engine: { host: 'unix:///run/docker.sock' },
          profiles: ['web'],
          envFiles: [join(folder, 'prod.env')],
        },
        both: { files: [join(folder, 'a.yaml'), '/abs/b.yaml'], engine: { context: 'far' }, profiles: [], envFiles: [] },
      },
      defaults: { timeout: '5m', parallelism: 4, state_dir: join(folder, '.state'), progress: 'plain' },
    });
  });

  it.each([
    ['', []],
    ['# nothing yet\n', []],
    ['stacks: [a]', ['1:1 wrong-type: "stacks" must be a map']],
    ['- a', ['1:1 wrong-type: stack.config.yaml must be a map with keys such as "stacks"']],
    ['stakcs: {}', ['1:1 unknown-key: unknown key "stakcs" | did you mean "stacks"?']],
    [
      'defaults: { time: 3m }',
      [
        '1:13 unknown-key: unknown key "time" | known here: timeout, rollback_timeout, pull_timeout, ready_timeout, parallelism, state_dir, helper_image, progress',
      ],
    ],
    ['defaults: { policy: {} }', ['1:13 key-not-supported: "policy" is not supported by this version yet']],
    ['defaults: { timeout: 90 }', ['1:22 wrong-type: "timeout" must be text | such as 90s or 10m']],
    ['defaults: { timeout: soon }', ['1:22 unknown-value: "timeout" must be a duration such as "90s" or "10m", not "soon"']],
    ['defaults: { parallelism: 0 }', ['1:26 unknown-value: "parallelism" must be 1 or more']],
    ['defaults: { progress: loud }', ['1:23 unknown-value: "progress" must be one of auto, tty, plain, json, quiet']],
    ['stacks: { a: {} }', ['1:11 missing-key: "file" is missing from "a"']],
    ['stacks: { a: { file: x, files: [y] } }', ['1:11 conflicting-keys: "file" and "files" both say what "a" is made of']],
    ['stacks: { a: { files: [] } }', ['1:16 unknown-value: "files" must not be empty']],
    ['stacks: { a: { file: x, profile: [y] } }', ['1:25 unknown-key: unknown key "profile" | did you mean "profiles"?']],
    ['stacks: { a: { file: x, engine: { hots: y } } }', ['1:35 unknown-key: unknown key "hots" | did you mean "host"?']],
    [
      'stacks: { a: { file: x, engine: { host: y, context: z } } }',
      ['1:33 conflicting-keys: the engine of "a" needs either "host" or "context"'],
    ],
    ['stacks: { "a b": { file: x } }', ['1:11 bad-name: "a b" cannot be the name of a stack | letters, digits, ".", "_" and "-"']],
    ['a: b: c', [containing('yaml-syntax')]],
    ['stacks:\n\ta: {}', [containing('yaml-tab')]],
    ['$import: ./evil.js', ['1:1 unknown-key: unknown key "$import" | known here: stacks, defaults']],
    ['stacks: { __proto__: { file: x } }', [containing('__proto__')]],
  ])('%j', async (text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });

  it('is found upwards to the root of the git repository, and not above it', async () => {
    const folder = await folderWith({
      'stack.config.yaml': '',
      'repo/.git': null,
      'repo/stack.config.yaml': '',
      'repo/a/b': null,
      'other/.git': null,
    });
    const fileFor = async (path: string): Promise<string | undefined> => {
      const config = await readConfig(join(folder, path));
      return config.ok ? config.value?.file : 'problems';
    };
    expect(await fileFor('repo/a/b')).toBe(join(folder, 'repo/stack.config.yaml'));
    expect(await fileFor('repo')).toBe(join(folder, 'repo/stack.config.yaml'));
    expect(await fileFor('other')).toBeUndefined();
  });

  it('is found in the working directory only where there is no git repository', async () => {
    const folder = await folderWith({ 'stack.config.yaml': '', a: null });
    const below = await readConfig(join(folder, 'a'));
    const here = await readConfig(folder);
    expect([below.ok && below.value, here.ok && here.value?.file]).toEqual([undefined, join(folder, 'stack.config.yaml')]);
  });

  it('may not be a directory or a device', async () => {
    const folder = await folderWith({ 'd/stack.config.yaml': null, l: null });
    await symlink('/dev/zero', join(folder, 'l/stack.config.yaml'));
    for (const each of ['d', 'l']) {
      const config = await readConfig(join(folder, each));
      expect(config.ok ? [] : config.error).toMatchObject([{ code: 'config-unreadable', message: containing('is not a regular file') }]);
    }
  });

  it.skipIf(process.getuid?.() === 0)('may not be hidden from this user', async () => {
    const folder = await folderWith({ 'stack.config.yaml': '' });
    await chmod(join(folder, 'stack.config.yaml'), 0);
    expect(await readConfig(folder)).toMatchObject({ ok: false, error: [{ code: 'config-unreadable' }] });
  });
});

describe('the look-up', () => {
  it('executes nothing of the working directory', async () => {
    const trap = (name: string): string =>
      `require('node:fs').writeFileSync(${JSON.stringify(name)} + '.sprung', ''); module.exports = { searchPlaces: ['evil.js'] };`;
    const scripts = [
      '.config/config.js',
      '.config/config.cjs',
      '.config/config.ts',
      '.config/stackctl.js',
      'evil.js',
      'stackctl.config.js',
      'stack.config.js',
      '.stackctlrc.js',
    ];
    const folder = await folderWith({
      ...Object.fromEntries(scripts.map((path) => [path, trap(path.replaceAll('/', '-'))])),
      '.config/config.mjs': `import { writeFileSync } from 'node:fs'; writeFileSync('mjs.sprung', '');`,
      'package.json': JSON.stringify({
        cosmiconfig: { searchPlaces: ['evil.js'], $import: './evil.js' },
        stackctl: { $import: './evil.js' },
      }),
      'package.yaml': 'cosmiconfig: { $import: ./evil.js }',
      '.config/config.json': JSON.stringify({ cosmiconfig: { $import: './evil.js' } }),
      'stack.config.yaml': 'stacks: { a: { file: compose.yaml } }',
      '.git': null,
    });
    await mkdir(join(folder, 'sub'));
    const script = `
      process.chdir(${JSON.stringify(folder)});
      const { readConfig } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/config.ts'))});
      const config = await readConfig(${JSON.stringify(join(folder, 'sub'))});
      console.log(JSON.stringify(config.ok && Object.keys(config.value.stacks)));`;
    // In this process the working directory is another one, and cosmiconfig looks at that of its process
    await writeFile(join(folder, 'entry.mts'), script);
    const program = await makeProgram(join(folder, 'entry.mts'));
    const { stdout, stderr } = await program.run([], { cwd: folder });
    await program.remove();
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(['a']);
    expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.sprung'))).toEqual([]);
  });
});
