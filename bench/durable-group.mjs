// What it costs that a run can be dared: the program as it is, against the same one built without journal, locks and last looks.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lived, phases, words } from './life-groups.mjs';
import { stackctlOn } from './tools.mjs';

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {import('./life-groups.mjs').Life} Life */

const shape = { services: 20, interval: /** @type {number | undefined} */ (5) };
const most = 1.1;

/**
 * Built from the same sources, but for the files in bench/not-durable: a journal in memory that waits for no disk, no lock on the host or
 * the engine, no note on the engine, no second look under the lock and no last look before the commit. No flag of the product does that.
 * @param {Bench} bench
 */
async function builtNotDurable({ dir, run }) {
  const [build, others] = ['../.config/build.mjs', './not-durable'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const out = join(dir, 'not-durable');
  const { failed, errors } = await run([process.execPath, build ?? '', out, others ?? '']);
  if (failed !== undefined) throw new Error(`the build without durability ${failed}\n${errors}`);
  return join(out, 'stackctl.js');
}

/** @param {import('./tools.mjs').Tool} tool @param {number} rounds @param {import('./table.mjs').Comparison[]} [comparisons] @returns {Life} */
function lifeOf(tool, rounds, comparisons = []) {
  /** @returns {import('./table.mjs').Line} */
  const line = () => ({ tool: tool.name, unit: 's', values: [], comparisons });
  return { tool, rounds, lines: { up: line(), replace: line(), down: line() } };
}

/** @param {Bench} bench */
export async function durable20(bench) {
  const without = await builtNotDurable(bench);
  const rounds = bench.options.shortRounds;
  const lives = bench.nodes.flatMap((node, i) => {
    const bare = { ...stackctlOn({ ...bench, stackctl: without }, node, bench.project(`dur${i}n`)), name: `not durable (${node.name})` };
    const whole = stackctlOn(bench, node, bench.project(`dur${i}d`));
    return [lifeOf(bare, rounds), lifeOf(whole, rounds, [{ against: bare.name, atMost: most }])];
  });
  await lived(bench, lives, shape, 'durable20');
  return phases
    .filter((phase) => phase !== 'down')
    .map((phase) => ({
      title: `durable path: ${words[phase]}, ${shape.services} services, a health check every ${shape.interval} s`,
      notes:
        'Not durable: the same sources without journal on disk, locks, note on the engine, second and last look (`bench/not-durable`).',
      lines: lives.map(({ lines }) => lines[phase]),
    }));
}
