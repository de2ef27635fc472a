// start-up.mjs [--rounds N]: what stands between Enter and the first byte, for commands that have next to nothing to do, and which
// files of the bundle each of them loads (where strace is installed). Run it by test/engine/with-engine.sh, like bench.mjs.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openBench } from './bench-context.mjs';
import { interruptible } from './interruptible.mjs';
import { readOptions } from './options.mjs';
import { writeStack } from './stack-file.mjs';
import { median } from './table.mjs';
import { stackctlOn } from './tools.mjs';

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {{ name: string, argv: string[], first: number[], whole: number[] }} Case */

/** @param {Bench} bench @param {string} file @param {string} project @returns {Case[]} */
const casesOf = ({ nodes, stackctl = '' }, file, project) =>
  nodes.flatMap(({ name, path }) => {
    /** @param {string} what @param {string[]} argv @returns {Case} */
    const measured = (what, argv) => ({ name: `${what} (${name})`, argv: [path, ...argv], first: [], whole: [] });
    return [
      measured('node -p 0', ['-p', '0']),
      measured('stackctl version', [stackctl, 'version']),
      measured('stackctl plan', [stackctl, 'plan', '-f', file, '-p', project]),
    ];
  });

/** The files of the bundle that a command opens, in their order. @param {Bench} bench @param {readonly string[]} argv */
async function loadedFiles(bench, argv) {
  const trace = join(bench.dir, 'trace');
  await bench.run(['strace', '-f', '-qq', '-e', 'trace=open,openat', '-o', trace, ...argv]);
  const opened = (await readFile(trace, 'utf8')).matchAll(/"([^"]+\/dist\/[^"]+\.js)"[^=\n]*(?:= \d|<unfinished)/g);
  return [...new Set(Array.from(opened, ([, path]) => path ?? ''))];
}

/** @param {Bench} bench @param {Case} one */
async function printLoaded(bench, { name, argv }) {
  try {
    const files = await Promise.all((await loadedFiles(bench, argv)).map(async (path) => ({ path, size: (await stat(path)).size })));
    const total = files.reduce((sum, { size }) => sum + size, 0);
    console.log(`\n${name} loads ${files.length} files of the bundle, ${Math.round(total / 1024)} kB:`);
    for (const { path, size } of files) console.log(`  ${String(Math.ceil(size / 1024)).padStart(5)} kB  ${path.split('/dist/')[1]}`);
  } catch (error) {
    bench.where.signal.throwIfAborted();
    console.log(`\n${name}: no list of files, strace cannot be used (${error instanceof Error ? error.message : error})`);
  }
}

/** @param {Bench} bench @param {readonly Case[]} cases */
async function measure(bench, cases) {
  for (let round = 0; round <= bench.options.shortRounds; round++) {
    for (const { name, argv, first, whole } of cases) {
      const { ms, firstByteMs, failed } = await bench.run(argv);
      if (failed !== undefined || firstByteMs === undefined) throw new Error(`${name} ${failed ?? 'said nothing'}`);
      if (round > 0) (first.push(firstByteMs), whole.push(ms));
    }
  }
  console.log('| | First byte | End |\n| --- | --: | --: |');
  for (const { name, first, whole } of cases) console.log(`| ${name} | ${median(first).toFixed(0)} ms | ${median(whole).toFixed(0)} ms |`);
}

/** @param {Bench} bench */
async function startUp(bench) {
  if (bench.stackctl === undefined) return console.log('stackctl: not built (npm run build)');
  const project = bench.project('startup');
  const file = await writeStack(bench.dir, { services: 10, interval: undefined });
  const node = bench.nodes[0];
  if (!node) throw new Error('no Node to run stackctl with');
  const tool = stackctlOn(bench, node, project);
  const stack = { file, shape: { services: 10, interval: undefined } };
  const { failed } = await bench.run(tool.up(stack));
  if (failed !== undefined) throw new Error(`stackctl apply ${failed}`);
  const cases = casesOf(bench, file, project);
  await measure(bench, cases);
  for (const one of cases.filter(({ argv }) => argv[0] === node.path && argv.includes(bench.stackctl ?? ''))) await printLoaded(bench, one);
  await bench.run(tool.down(stack));
}

const options = readOptions();
if (options)
  await interruptible(async (signal) => {
    const bench = await openBench(options, signal);
    await startUp(bench).finally(bench.close);
  });
