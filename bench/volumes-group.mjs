// A volume is backed up and restored, beside `docker run … tar` on the same volume, packed and not.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn } from './in-turn.mjs';

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {import('./in-turn.mjs').Contender} Contender */
/** @typedef {import('./table.mjs').Line} Line */

const helper = 'stackctl/helper:1';
const atMost = 1.5;
const memoryLimit = 150;

/**
 * Half of it random, half of it text; in files of 64 MB, and 2,000 small ones.
 * @param {number} megabytes
 */
const filling = (megabytes) => `cd /volume
i=0; left=${Math.max(2, Math.floor(megabytes / 2))}
while [ $left -gt 0 ]; do
  now=$((left < 64 ? left : 64)); i=$((i + 1)); left=$((left - now))
  /usr/bin/head -c "$now"M /dev/urandom > random$i; seq 1 20000000 | /usr/bin/head -c "$now"M > text$i
done
mkdir small; i=0; while [ $i -lt 2000 ]; do echo "$i" > small/$i; i=$((i + 1)); done`;

/** @param {Bench} bench */
async function prepared(bench) {
  const project = bench.project('vol');
  const folder = join(bench.dir, 'volumes');
  const file = join(folder, 'compose.yaml');
  const volume = `${project}_data`;
  await mkdir(folder);
  await writeFile(file, `services: { db: { image: "${helper}", volumes: ["data:/data"] } }\nvolumes: { data: }\n`);
  const labels = { ...bench.engine.labels(project), 'com.docker.compose.volume': 'data' };
  await bench.engine.ask('POST', '/volumes/create', { body: { Name: volume, Labels: labels } });
  const script = filling(bench.options.megabytes);
  const { failed } = await bench.run(['docker', 'run', '--rm', '--network=none', '-v', `${volume}:/volume`, helper, 'sh', '-euc', script]);
  if (failed !== undefined) throw new Error(`the volume could not be filled: docker ${failed}`);
  return { project, folder, file, volume, labels };
}

/** @typedef {Awaited<ReturnType<typeof prepared>>} Prepared */

/** @param {string} tool @param {string} against @returns {Line} */
const bounded = (tool, against) => ({ tool, unit: 's', values: [], comparisons: [{ against, atMost }] });

/** @param {string} tool @returns {Line} */
const timed = (tool) => ({ tool, unit: 's', values: [] });

/** @param {string} script @returns {string[]} */
const piped = (script) => ['bash', '-euo', 'pipefail', '-c', script];

/**
 * stackctl's, by each Node: the time, and another run for the memory.
 * @param {Bench} bench @param {Prepared} there @param {{ verb: string, words: readonly string[], against: string, wrong?: () => Promise<string | undefined> }} how
 */
function oursOf({ nodes, stackctl = '', peak }, { file, project }, { verb, words, against, wrong }) {
  const start = ['env', `STACKCTL_HELPER_IMAGE=${helper}`];
  const rest = [stackctl, 'volume', verb, '-f', file, '-p', project, ...words, '--yes'];
  const after = wrong && { wrong };
  /** @type {Contender[]} */
  const times = nodes.map(({ name, path }) => ({
    line: bounded(`stackctl (${name}) volume ${verb}`, against),
    argv: [...start, path, ...rest],
    ...after,
  }));
  /** @type {Contender[]} */
  const memory = nodes.map(({ name, path }) => ({
    line: { tool: `stackctl (${name}) volume ${verb}`, unit: 'MB', values: [], limit: memoryLimit },
    argv: [...start, path, '--import', peak, ...rest],
    value: ({ errors }) => Number(errors.trim().split(' ').at(-1)),
    ...after,
  }));
  return { times, memory };
}

/** @param {string} what @param {Line[]} times @param {Line[]} memory @param {string} notes */
const groupsOf = (what, times, memory, notes) => [
  { title: what, notes, lines: times },
  { title: `peak memory: ${what}`, lines: memory },
];

/** @param {readonly Contender[]} contenders */
const linesOf = (contenders) => contenders.map(({ line }) => line);

/** @param {Bench} bench @param {Prepared} there @param {string} size */
async function backups(bench, there, size) {
  const reader = `docker run --rm --network=none --log-driver=none -v ${there.volume}:/volume:ro ${helper} tar -C /volume -cf - .`;
  const packed = 'docker run … tar, then zstd -1';
  const ours = oursOf(bench, there, { verb: 'backup', words: [], against: packed });
  const [plainFile, packedFile] = [join(there.folder, 'plain.tar'), join(there.folder, 'data.tar.zst')];
  const times = [
    { line: timed('docker run … tar'), argv: piped(`${reader} > ${plainFile}; sync ${plainFile}`) },
    { line: timed(packed), argv: piped(`${reader} | zstd -q -f -1 -o ${packedFile}; sync ${packedFile}`) },
    ...ours.times,
  ];
  await inTurn(bench, times, bench.options.longRounds);
  await inTurn(bench, ours.memory, 1);
  const notes = 'Like with like: tar packed by zstd -1, synced. stackctl also measures first, and writes the SHA-256 of every file.';
  return groupsOf(`backup of a volume of ${size}`, linesOf(times), linesOf(ours.memory), notes);
}

/** @param {Bench} bench @param {Prepared} there @param {string} size */
async function restores(bench, there, size) {
  const { volume, folder, labels } = there;
  const [copy, packed] = [`${volume}2`, 'zstd -d, then docker run … tar -x, synced'];
  const fresh = async () => {
    await bench.engine.ask('DELETE', `/volumes/${copy}?force=1`, { fine: [404] });
    return undefined;
  };
  const writer = `docker run --rm -i --network=none --log-driver=none -v ${copy}:/volume ${helper} sh -c '/bin/tar -C /volume -xf -; /bin/sync -f /volume'`;
  const ours = oursOf(bench, there, { verb: 'restore', words: [volume, '--to', copy], against: packed, wrong: fresh });
  const times = [
    {
      line: timed(packed),
      argv: piped(
        `docker volume create --label ${Object.entries(labels)[0]?.join('=')} ${copy}; zstd -q -d -c ${join(folder, 'data.tar.zst')} | ${writer}`,
      ),
      wrong: fresh,
    },
    ...ours.times,
  ];
  await fresh();
  await inTurn(bench, times, bench.options.longRounds);
  await inTurn(bench, ours.memory, 1);
  const notes =
    'Like with like: synced. stackctl also checks the backup, reads the new volume again, and holds each entry against the backup.';
  return groupsOf(`restore of a volume of ${size}`, linesOf(times), linesOf(ours.memory), notes);
}

/** @param {Bench} bench */
export async function volumes(bench) {
  const there = await prepared(bench);
  try {
    const size = `${bench.options.megabytes} MB`;
    return [...(await backups(bench, there, size)), ...(await restores(bench, there, size))];
  } finally {
    for (const name of [there.volume, `${there.volume}2`])
      await bench.engine.ask('DELETE', `/volumes/${name}?force=1`, { fine: [404, 409] });
  }
}
