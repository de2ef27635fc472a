// Bundles src/ into dist/, so that a start loads few files and no package that the command does not need.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
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

/** What dockerode loads at start for ssh and BuildKit's sessions, and cosmiconfig for files that are programs: not used here. */
const unused = /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs|typescript)$/;

const withoutUnused = {
  name: 'without-unused',
  resolveId: (id) => (unused.test(id) ? { id: `\0unused:${id}` } : null),
  load: (id) => (id.startsWith('\0unused:') ? { code: 'module.exports = {};', moduleType: 'js' } : null),
};

await rm(`${root}dist`, { recursive: true, force: true });
const bundle = await rolldown({
  input: { stackctl: `${root}src/stackctl.ts` },
  platform: 'node',
  plugins: [compiledSchemas, withoutUnused],
  transform: { define: { 'process.env.STACKCTL_VERSION': JSON.stringify(JSON.parse(await readFile(`${root}package.json`, 'utf8')).version) } },
  onLog: (level, log, next) => (log.code === 'EVAL' ? undefined : next(level, log)),
});
await bundle.write({ dir: `${root}dist`, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''), minify: true });
await bundle.close();
await chmod(`${root}dist/stackctl.js`, 0o755);
