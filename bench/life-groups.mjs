// The life of a stack, again and again: first apply, replacement of every container, down.
import { join } from 'node:path';
import { runningIds } from './in-turn.mjs';
import { writeStack } from './stack-file.mjs';
import { bareOf, composeOf, stackctlOn } from './tools.mjs';

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {import('./table.mjs').Line} Line */
/** @typedef {import('./tools.mjs').Tool} Tool */
/** @typedef {'up' | 'replace' | 'down'} Phase */
/** @typedef {{ tool: Tool, lines: Record<Phase, Line>, rounds: number }} Life */

/** @type {readonly Phase[]} */
export const phases = ['up', 'replace', 'down'];
export const words = { up: 'first apply', replace: 'replacement of all (a changed variable)', down: 'down' };

/** @param {Tool} tool @param {number} rounds @param {'ours' | 'ours, bounded' | 'other'} comparesAs @returns {Life} */
function lifeOf(tool, rounds, comparesAs) {
  const bare = { against: 'bare Engine API' };
  const compose = { against: 'docker-compose' };
  /** @param {import('./table.mjs').Comparison[]} comparisons @returns {Line} */
  const line = (comparisons) => ({
    tool: tool.name,
    unit: 's',
    values: [],
    comparisons: comparesAs === 'other' ? [] : comparisons,
    ...(tool.missing !== undefined && { failed: tool.missing }),
  });
  const bounded = () => line([comparesAs === 'ours, bounded' ? { ...bare, atMost: 1.1 } : bare, compose]);
  return { tool, rounds, lines: { up: bounded(), replace: bounded(), down: line([bare, compose]) } };
}

/** @param {Bench} bench @param {Life} life @param {import('./tools.mjs').Stack} stack */
async function live(bench, { tool, lines }, stack) {
  const { services } = stack.shape;
  /** @type {readonly string[]} */
  let before = [];
  for (const phase of phases) {
    const generation = phase === 'up' ? '1' : '2';
    const shape = { ...stack.shape, generation };
    const file = await writeStack(join(stack.file, '..'), shape);
    const { ms, failed } = await bench.run(tool[phase]({ file, shape }));
    const after = await runningIds(bench, tool.project, phase === 'down' ? 0 : services);
    const kept = after.ids.some((id) => before.includes(id)) ? 'a container was not replaced' : undefined;
    const trouble = failed ?? after.wrong ?? kept;
    if (trouble !== undefined) {
      for (const each of phases) lines[each].failed = `${words[phase]}: ${trouble}`;
      return void (await bench.sweep(tool.project));
    }
    lines[phase].values.push(ms / 1000);
    before = after.ids;
  }
}

/** @param {Bench} bench @param {readonly Life[]} lives @param {import('./stack-file.mjs').Shape} shape @param {string} name */
export async function lived(bench, lives, shape, name) {
  const file = await writeStack(join(bench.dir, name), shape);
  for (let round = 1; round <= Math.max(...lives.map(({ rounds }) => rounds)); round++) {
    for (const life of lives) {
      if (life.lines.up.failed !== undefined || round > life.rounds) continue;
      console.error(`  round ${round}: ${life.tool.name}`);
      await live(bench, life, { file, shape });
    }
  }
}

/** @param {Bench} bench @param {import('./stack-file.mjs').Shape} shape @param {number} composeRounds */
async function lifeGroups(bench, shape, composeRounds) {
  const { services, interval } = shape;
  const node = bench.nodes[0];
  if (!node) throw new Error('no Node to run stackctl with');
  const rounds = bench.options.longRounds;
  const name = `life${services}${interval ?? 'none'}`;
  const lives = [
    lifeOf(bareOf(bench, bench.project(`${name}b`)), rounds, 'other'),
    lifeOf(composeOf(bench, bench.project(`${name}c`)), Math.min(rounds, composeRounds), 'other'),
    lifeOf(stackctlOn(bench, node, bench.project(`${name}s`)), rounds, interval === undefined ? 'ours' : 'ours, bounded'),
  ];
  await lived(bench, lives, shape, name);
  const checks = interval === undefined ? 'no health checks' : `a health check every ${interval} s`;
  return phases.map((phase) => ({
    title: `${words[phase]}: ${services} services, ${checks}`,
    lines: lives.map(({ lines }) => lines[phase]),
  }));
}

/** Compose sees a first success after the interval at the soonest. @param {Bench} bench */
export const life50 = (bench) => lifeGroups(bench, { services: 50, interval: bench.options.interval }, Infinity);
/** With the default of Docker; one round is enough to see compose wait for it. @param {Bench} bench */
export const life50Slow = (bench) => lifeGroups(bench, { services: 50, interval: 30 }, 1);
/** stackctl watches each container without a health check for two seconds; the others do not, so that there is no bound. @param {Bench} bench */
export const life10Plain = (bench) => lifeGroups(bench, { services: 10, interval: undefined }, Infinity);
