// build.mjs [FOLDER [OTHERS]]: bundles src/ into dist/ (or FOLDER), so that a start loads few files and no package that the command does not
// need. A file in the folder OTHERS stands for the one of its name in src/: how the benchmark has the same program without a part of it.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Modules that compile a schema when they are loaded; in the bundle stands what ajv makes of it ahead of time. */
const validators = {
  'src/spec/stack-validator.ts': { schema: 'schemas/compose.schema.json', name: 'validateStack' },
  'src/spec/lock-validator.ts': { schema: 'schemas/stack-lock.schema.json', name: 'validateLock' },
  'src/config/settings-validator.ts': { schema: 'schemas/stack-config.schema.json', name: 'validateSettings' },
};

const compiledSchemas = {
  name: 'compiled-schemas',
  async load(id) {
    const entry = Object.entries(validators).find(([file]) => id === root + file);
    if (!entry) return null;
    const { schema, name } = entry[1];
    const ajv = new Ajv({ allErrors: true, strict: false, messages: false, inlineRefs: false, code: { source: true, esm: false } });
    const code = standaloneCode(ajv, ajv.compile(JSON.parse(await readFile(root + schema, 'utf8'))));
    return { code: `${code}\nmodule.exports.${name} = module.exports;`, moduleType: 'js' };
  },
};

/**
 * What stands in the bundle for modules that packages load at start and we do not use, or not at once: dockerode's ssh, BuildKit
 * sessions and packing of folders, its own copy of Node's streams, TLS before a connection wants it, cosmiconfig's loader of files that
 * are programs, and the environment that yaml looks up for each of its tokens.
 */
const standIns = {
  ssh2: '{}',
  '@grpc/grpc-js': '{}',
  '@grpc/proto-loader': '{}',
  protobufjs: '{}',
  'tar-fs': '{}',
  '@balena/dockerignore': '{}',
  typescript: '{}',
  'readable-stream': "require('node:stream')",
  ...Object.fromEntries(
    ['service', 'plugin', 'secret', 'config', 'task', 'node', 'session'].map((name) => [`dockerode>./${name}`, 'function () {}']),
  ),
  'yaml>process': '{ env: {}, emitWarning: (...words) => process.emitWarning(...words) }',
  debug: '() => () => undefined',
  zlib: "{ createGzip: (...words) => require('node:zlib').createGzip(...words) }",
  https: "{ request: (...words) => require('node:https').request(...words) }",
};

const standInFor = (id, importer = '') => [`${packageOf(importer)}>${id}`, id].find((key) => Object.hasOwn(standIns, key));
const packageOf = (file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '';

const withStandIns = {
  name: 'with-stand-ins',
  resolveId(id, importer) {
    const key = standInFor(id, importer);
    return key === undefined ? null : { id: `\0instead-of:${key}` };
  },
  load: (id) => (id.startsWith('\0instead-of:') ? { code: `module.exports = ${standIns[id.slice(12)]};`, moduleType: 'js' } : null),
};

/** What each file of the folder OTHERS stands for. */
async function standingFor(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const nothing = files.find((name) => !existsSync(`${root}src/${name}`));
  if (nothing !== undefined) throw new Error(`${folder}/${nothing} stands for no file in src/`);
  return new Map(files.map((name) => [`${root}src/${name}`, resolve(folder, name)]));
}

const others = process.argv[3] === undefined ? new Map() : await standingFor(resolve(root, process.argv[3]));

const withOthers = {
  name: 'with-others',
  load: (id) => (others.has(id) ? { code: `export * from ${JSON.stringify(others.get(id))};`, moduleType: 'js' } : null),
};

const seldom =
  /\/node_modules\/(?!yaml\/|dockerode\/|docker-modem\/|split-ca\/)|\/src\/(render\/(listr|progress-listr|units\/)|(lint|import)\/|commands\/(completion|help|lint|import|unit|carry-out-unit)|adapters\/(linux-probe|systemd|buildkit-|grpc-|ssh-)|lib\/(protobuf|frames))/;
const out = resolve(root, process.argv[2] ?? 'dist');
const next = `${out}.next-${process.pid}`;
const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'));

/** Node starts CommonJS faster: no second loader, and no facade for each of its own modules. */
const output = { dir: next, format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', minify: true };

/** Bundles `input` and what it loads. @param {Record<string, string>} input @param {import('rolldown').OutputOptions} more */
async function bundle(input, { define, ...more }) {
  const made = await rolldown({
    input,
    platform: 'node',
    plugins: [withOthers, compiledSchemas, withStandIns],
    transform: { define },
    checks: { ineffectiveDynamicImport: false },
    onLog: (level, log, report) => (log.code === 'EVAL' ? undefined : report(level, log)),
  });
  await made.write({ ...output, ...more });
  await made.close();
}

await bundle(
  { main: `${root}src/cli.ts` },
  {
    define: { 'process.env.STACKCTL_VERSION': JSON.stringify(version) },
    codeSplitting: { groups: [{ name: 'main', test: (id) => !seldom.test(id) }] },
  },
);

/** In literals, which is all the non-ASCII there is in what the minifier writes, an escape means the same. */
const ascii = (code) => code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const main = ascii(await readFile(`${next}/main.js`, 'utf8'));
if (/\bimport\(/.test(main)) throw new Error('main.js has an import(), which kept compiled code cannot do: process.getBuiltinModule can');
await writeFile(`${next}/main.js`, main);
if (/\bimport\(/.test(main)) throw new Error('dist/main.js calls import(), which code that is kept compiled cannot: src/stackctl.ts');
const build = createHash('sha256').update(main).digest('hex').slice(0, 16);
await bundle(
  { stackctl: `${root}src/stackctl.ts` },
  { define: { 'process.env.STACKCTL_BUILD': JSON.stringify(build) }, banner: '#!/usr/bin/env node' },
);
await writeFile(`${next}/package.json`, '{ "type": "commonjs" }\n');
await chmod(`${next}/stackctl.js`, 0o755);

// Whoever runs the program meanwhile finds it whole.
await rm(`${out}.before`, { recursive: true, force: true });
await rename(out, `${out}.before`).catch(() => undefined);
await rename(next, out);
await rm(`${out}.before`, { recursive: true, force: true });
