// The benchmark's command line.
import { parseArgs } from 'node:util';

const help = `bench.mjs [--quick] [--rounds N] [--only REGEX] [--parallelism N] [--interval N] [--megabytes N]: measures stackctl, docker-compose and the bare
Engine API in turn on the engine at DOCKER_HOST and prints a Markdown table. A slow number fails nothing.
  --quick          5 rounds of the short rows (else 15), 1 of the long ones (else 3)
  --rounds N       N rounds of every row
  --only REGEX     only groups whose name matches; --list prints the names
  --parallelism N  how much stackctl and the bare Engine API do at once (default: 16, which is stackctl's)
  --interval N     seconds between the health checks of group life50 (default: 5; 50 checks each second are more than two
                   cores can run beside what is measured)
  --megabytes N    size of the volume of group volumes (default: 512)`;

/** What stackctl takes unless it is told: built in, see src/config/tool-settings.ts. */
const stackctlParallelism = 16;

/**
 * @typedef {object} Options
 * @property {number} shortRounds
 * @property {number} longRounds
 * @property {RegExp} only
 * @property {number} parallelism
 * @property {readonly string[]} stackctlFlags what `apply` and `down` of stackctl get for it
 * @property {number} interval
 * @property {number} megabytes
 * @property {boolean} list
 */

/** @param {string} name @param {string} text */
function count(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1, not ${text}`);
  return number;
}

/** The options, or undefined when the help was asked for and printed. @returns {Options | undefined} */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', default: '' },
      parallelism: { type: 'string' },
      interval: { type: 'string', default: '5' },
      megabytes: { type: 'string', default: '512' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void console.log(help);
  const rounds = values.rounds === undefined ? undefined : count('rounds', values.rounds);
  return {
    shortRounds: rounds ?? (values.quick ? 5 : 15),
    longRounds: rounds ?? (values.quick ? 1 : 3),
    only: new RegExp(values.only),
    parallelism: values.parallelism === undefined ? stackctlParallelism : count('parallelism', values.parallelism),
    stackctlFlags: values.parallelism === undefined ? [] : ['--parallelism', values.parallelism],
    interval: count('interval', values.interval),
    megabytes: count('megabytes', values.megabytes),
    list: values.list,
  };
}
