// npm run bench: stackctl, docker-compose and the bare Engine API in turn on one engine; --help lists the options.
import { cpus, release } from 'node:os';
import { openBench } from './bench-context.mjs';
import { durable20 } from './durable-group.mjs';
import { idle10, idle50 } from './idle-groups.mjs';
import { life10Plain, life50, life50Slow } from './life-groups.mjs';
import { interruptible } from './interruptible.mjs';
import { ports500 } from './ports-group.mjs';
import { readOptions } from './options.mjs';
import { groupTable } from './table.mjs';
import { volumes } from './volumes-group.mjs';

/** @typedef {import('./bench-context.mjs').Bench} Bench */

/** @type {Record<string, (bench: Bench) => Promise<import('./table.mjs').Group[]>>} */
const groups = { idle10, idle50, life10: life10Plain, life50, 'life50-slow': life50Slow, durable20, ports500, volumes };

/** @param {Bench} bench */
async function machineLine({ engine, nodes, compose, stackctl, run, options }) {
  const { Version, ApiVersion } = await engine.ask('GET', '/version');
  const composeSays =
    compose === undefined ? 'docker-compose: cannot be had here' : (await run([compose, 'version', '--short'])).output.trim();
  return [
    `${cpus().length} cores (${cpus()[0]?.model.trim()}), Linux ${release()}`,
    `Docker ${Version} (API ${ApiVersion})`,
    ...nodes.map(({ version }) => `Node ${version}`),
    compose === undefined ? composeSays : `docker-compose ${composeSays}`,
    stackctl === undefined ? 'stackctl: not built (npm run build)' : 'stackctl from dist',
    `${options.parallelism} at once`,
    `${options.shortRounds} short rounds, ${options.longRounds} long`,
  ].join(' · ');
}

/** @param {Bench} bench @param {AbortSignal} signal */
async function measureAll(bench, signal) {
  console.log(`${await machineLine(bench)}\n`);
  for (const [name, measure] of Object.entries(groups)) {
    if (!bench.options.only.test(name)) continue;
    console.error(`measuring ${name} …`);
    try {
      for (const group of await measure(bench)) console.log(groupTable(group));
    } catch (error) {
      signal.throwIfAborted();
      console.log(`### ${name}\n\nnot measured: ${error instanceof Error ? error.message : error}\n`);
    }
  }
}

const options = readOptions();
if (options?.list) console.log(Object.keys(groups).join('\n'));
else if (options) {
  await interruptible(async (signal) => {
    const bench = await openBench(options, signal);
    await measureAll(bench, signal).finally(bench.close);
  });
}
