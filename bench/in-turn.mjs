// Measures several commands in turn, A B C A B C, so that what else the machine does hits all of them alike.

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {import('./table.mjs').Line} Line */

/**
 * @typedef {object} Contender
 * @property {Line} line what is found goes here
 * @property {readonly string[]} argv
 * @property {(ran: import('./run.mjs').Ran) => number} [value] seconds, unless told otherwise
 * @property {() => Promise<string | undefined>} [wrong] what is wrong on the engine afterwards, if anything
 */

/** @param {import('./run.mjs').Ran} ran */
const seconds = ({ ms }) => ms / 1000;

/** One run, not counted if it fails; a tool that failed once is not run again. @param {Bench} bench @param {Contender} contender */
async function measure(bench, { line, argv, value = seconds, wrong }, counted = true) {
  if (line.failed !== undefined) return;
  const ran = await bench.run(argv);
  const failed = ran.failed ?? (await wrong?.());
  if (failed !== undefined) line.failed = failed;
  else if (counted) line.values.push(value(ran));
}

/** The first round fills caches and is not counted. @param {Bench} bench @param {readonly Contender[]} contenders @param {number} rounds */
export async function inTurn(bench, contenders, rounds) {
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) await measure(bench, contender, round > 0);
  }
}

/**
 * The running containers of a project, as one text that changes with each of them.
 * @param {Bench} bench @param {string} project @param {number} wanted
 */
export async function runningIds({ engine }, project, wanted) {
  const containers = await engine.containers(project);
  const running = containers.filter(({ State }) => State === 'running').map(({ Id }) => Id);
  const right = running.length === wanted && containers.length === wanted;
  return {
    ids: running,
    wrong: right ? undefined : `${running.length} of ${containers.length} containers run afterwards, wanted ${wanted} of ${wanted}`,
  };
}
