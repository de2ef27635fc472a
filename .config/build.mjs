// build.mjs [FOLDER]: bundles src/ into dist/ (or FOLDER), so that a start loads few files and no package that the command does not need.
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Modules that compile a schema when they are loaded; in the bundle stands what ajv makes of it ahead of time. */
const validators = {
  'src/spec/stack-validator.ts': { schema: 'schemas/compose.schema.json', name: 'validateStack' },
  'src/config/settings-validator.ts': { schema: 'schemas/stack-config.schema.json', name: 'validateSettings' },
};

const compiledSchemas = {
  name: 'compiled-schemas',
  async load(id) {
    const entry = Object.entries(validators).find(([file]) => id === root + file);
    if (!entry) return null;
    const { schema, name } = entry[1];
    const ajv = new Ajv({ allErrors: true, strict: false, messages: false, code: { source: true, esm: false } });
    const code = standaloneCode(ajv, ajv.compile(JSON.parse(await readFile(root + schema, 'utf8'))));
    return { code: `${code}\nmodule.exports.${name} = module.exports;`, moduleType: 'js' };
  },
};

/**
 * What stands in the bundle for modules that packages load at start and we do not use, or not at once: dockerode's ssh, BuildKit
 * sessions and packing of folders, its own copy of Node's streams, TLS before a connection wants it, and cosmiconfig's loader of
 * files that are programs.
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
  https: "{ request: (...words) => require('node:https').request(...words) }",
};

const withStandIns = {
  name: 'with-stand-ins',
  resolveId: (id) => (Object.hasOwn(standIns, id) ? { id: `\0instead-of:${id}` } : null),
  load: (id) => (id.startsWith('\0instead-of:') ? { code: `module.exports = ${standIns[id.slice(12)]};`, moduleType: 'js' } : null),
};

const out = resolve(root, process.argv[2] ?? 'dist');
const next = `${out}.next-${process.pid}`;
const bundle = await rolldown({
  input: { stackctl: `${root}src/stackctl.ts` },
  platform: 'node',
  plugins: [compiledSchemas, withStandIns],
  transform: {
    define: { 'process.env.STACKCTL_VERSION': JSON.stringify(JSON.parse(await readFile(`${root}package.json`, 'utf8')).version) },
  },
  onLog: (level, log, next) => (log.code === 'EVAL' ? undefined : next(level, log)),
});
await bundle.write({
  dir: next,
  // Node starts CommonJS faster: no second loader, and no facade for each of its own modules.
  format: 'cjs',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
  minify: true,
});
await bundle.close();
await writeFile(`${next}/package.json`, '{ "type": "commonjs" }\n');
await chmod(`${next}/stackctl.js`, 0o755);

// Whoever runs the program meanwhile finds it whole.
await rm(`${out}.before`, { recursive: true, force: true });
await rename(out, `${out}.before`).catch(() => undefined);
await rename(next, out);
await rm(`${out}.before`, { recursive: true, force: true });
