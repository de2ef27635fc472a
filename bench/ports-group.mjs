// What a look at the host ports costs among 500 processes with 2,000 listening sockets, beside ss of iproute2. Needs python3, and root.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {import('./table.mjs').Line} Line */

/** @param {string} file */
const beside = (file) => fileURLToPath(new URL(file, import.meta.url));

/** The bound of the issue, in seconds. */
const limit = 0.05;

/** Starts the processes; their ports, and how to end them. @param {Bench} bench */
async function startCrowd({ where }) {
  const child = spawn('python3', [beside('crowd.py')], { ...where, stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('error', () => undefined); // then it prints nothing, which is seen below
  /** @type {number[]} */
  const ports = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') return { ports, end: () => child.stdin.end() };
    ports.push(...line.split(' ').map(Number));
  }
  throw new Error('python3 could not start the processes');
}

/** @param {string} dir */
async function lookProgram(dir) {
  const file = join(dir, 'look.mjs');
  const made = await rolldown({ input: beside('look.ts'), platform: 'node' });
  await made.write({ file, format: 'esm', codeSplitting: false });
  await made.close();
  return file;
}

/** @param {Bench} bench @param {import('./bench-context.mjs').NodeProgram} node @param {string[]} words @returns {Promise<Line[]>} */
async function looksOn(bench, { name, path }, words) {
  const { failed, output } = await bench.run([path, ...words]);
  if (failed !== undefined) return [{ tool: `one look (${name})`, unit: 's', values: [], failed }];
  const looks = /** @type {{ wall: number, cpu: number, found: number }[]} */ (JSON.parse(output));
  if (looks.some(({ found }) => found !== 10)) throw new Error('a look did not find all holders');
  return [
    { tool: `one look (${name})`, unit: 's', values: looks.map(({ wall }) => wall), limit, comparisons: [{ against: 'ss -Hltnup' }] },
    { tool: `its CPU time (${name})`, unit: 's', values: looks.map(({ cpu }) => cpu) },
  ];
}

/** @param {Bench} bench @returns {Promise<import('./table.mjs').Group[]>} */
export async function ports500(bench) {
  const program = await lookProgram(bench.dir);
  const crowd = await startCrowd(bench);
  try {
    const asked = crowd.ports.filter((_, i) => i % 200 === 0).map((port) => ({ protocol: 'tcp', port }));
    const socket = (process.env['DOCKER_HOST'] ?? '').replace('unix://', '');
    const words = [program, socket, JSON.stringify(asked), String(bench.options.shortRounds)];
    /** @type {number[]} */
    const ss = [];
    for (let round = 0; round < bench.options.shortRounds; round++) {
      const { ms, failed } = await bench.run(['ss', '-Hltnup']);
      if (failed !== undefined) throw new Error(`ss ${failed}`);
      ss.push(ms / 1000);
    }
    const lines = [];
    for (const node of bench.nodes) lines.push(...(await looksOn(bench, node, words)));
    return [
      {
        title: 'A look at ten ports among 500 processes and 2,000 listening sockets',
        notes: 'Who holds each, and whether the engine opens its ports here. Without the start of Node; ss with its own start.',
        lines: [{ tool: 'ss -Hltnup', unit: 's', values: ss }, ...lines],
      },
    ];
  } finally {
    crowd.end();
  }
}
