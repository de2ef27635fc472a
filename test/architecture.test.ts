import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which parts of src each part may import from, besides itself. Files that lie in src itself are parts of their own. */
const core = ['platform', 'model', 'lib'];
const mayImport: { readonly [part: string]: readonly string[] } = {
  lib: [],
  model: ['lib'],
  platform: ['model', 'lib'],
  spec: ['model', 'lib'],
  actions: core,
  plan: ['actions', 'model', 'lib'],
  observe: ['observe-data', ...core],
  'observe-data': core,
  apply: ['actions', ...core],
  watch: ['plan', ...core],
  import: ['plan', ...core],
  lint: ['spec', 'plan', 'model', 'lib'],
  render: ['lint', 'watch', 'plan', 'apply', 'actions', 'model', 'lib'],
  adapters: core,
  config: ['spec', 'model', 'lib'],
  commands: ['config', 'observe', 'watch', 'spec', 'lint', 'import', 'plan', 'apply', 'render', 'adapters', 'actions', ...core],
  cli: ['commands', 'render', 'lib'],
  stackctl: [],
};

/** Which parts may use each package; a module of Node that is not named here only adapters and commands may use. */
const mayUse: { readonly [name: string]: readonly string[] } = {
  yaml: ['spec', 'config', 'commands'],
  ajv: ['spec', 'config'],
  cosmiconfig: ['config'],
  listr2: ['render'],
  diff: ['render'],
  dockerode: ['adapters'],
  execa: ['adapters'],
  'node:crypto': ['lib', 'adapters', 'commands'],
  'node:timers/promises': ['lib', 'actions', 'adapters'],
  'node:fs': ['spec', 'config', 'adapters', 'commands'],
  'node:fs/promises': ['spec', 'config', 'adapters', 'commands'],
  'node:path': ['spec', 'config', 'adapters', 'commands'],
  'node:util': ['cli', 'commands', 'render', 'adapters'],
  'node:os': ['config', 'adapters', 'commands'],
  'node:process': ['cli', 'commands', 'adapters'],
};
const usersOfNode = ['adapters', 'commands', 'cli'];
/** Starts the program and is no part of it: it may use any module of Node. */
const starter = 'stackctl';

interface Source {
  readonly file: string;
  readonly text: string;
}

const sources = (folder: string): Source[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules/'))
    .map((name) => posix.join(folder, name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const partOf = (file: string): string => (file.split('/')[1] ?? '').replace(/\.ts$/, '');
const packageOf = (from: string): string =>
  from.startsWith('node:')
    ? from
    : from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/');
const importsOf = ({ text }: Source): string[] =>
  [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gms)].map(([, still, later]) => still ?? later ?? '');

const product = sources('src');
const everything = [...product, ...sources('test')];
const named = (all: readonly Source[]) => all.map((source) => [source.file, source] as const);

it('looks at the whole product', () => {
  expect(product.length).toBeGreaterThan(100);
  expect([...new Set(product.map(({ file }) => partOf(file)))].filter((part) => !Object.hasOwn(mayImport, part))).toEqual([]);
});

describe('layers', () => {
  it.each(named(product))('%s imports only what its layer may', (file, source) => {
    const part = partOf(file);
    for (const from of importsOf(source)) {
      if (!from.startsWith('.')) {
        const ofNode = from.startsWith('node:');
        if (ofNode && part === starter) continue;
        const allowed = mayUse[packageOf(from)] ?? (ofNode ? usersOfNode : []);
        expect(allowed, `${file} uses ${from}`).toContain(part);
        continue;
      }
      const target = posix.join(posix.dirname(file), from);
      if (!target.startsWith('src/')) continue; // a schema
      expect([part, ...(mayImport[part] ?? [])], `${file} imports ${target}`).toContain(partOf(target));
    }
  });
});

describe('house rules', () => {
  it.each(named(everything))('%s is short', (_file, { text }) => {
    expect(text.split('\n').length).toBeLessThan(250);
  });

  it.each<readonly [string, RegExp]>([
    ['default export', /^export default\b/m],
    ['any', /(?::|<|\bas) ?any\b(?!\w)|\bany\[\]/],
    ['enum', /^\s*(?:export )?(?:const )?enum\b/m],
    ['class but errors', /^\s*(?:export )?class \w+\b(?! extends \w*Error\b)/m],
    ['way to silence the compiler', /@ts-(?:ignore|nocheck|expect-error)/],
    ['shell', /\bshell: true\b|\bexecSync\(|\bexec\(['"`]/],
    ['test that is left out', /\b(?:it|test|describe)\.only\(/],
  ])('there is no %s', (_what, pattern) => {
    const found = everything
      .filter(({ file }) => file !== 'test/architecture.test.ts')
      .filter(({ text }) => pattern.test(withoutComments(text)));
    expect(found.map(({ file }) => file)).toEqual([]);
  });

  it('only the command line ends the process', () => {
    expect(product.filter(({ text }) => /\bprocess\.exit\(/.test(text)).map(({ file }) => file)).toEqual(['src/cli.ts']);
  });
});

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
