// Stacks that are as they should be: what it costs to find that out.
import { join } from 'node:path';
import { inTurn, runningIds } from './in-turn.mjs';
import { writeStack } from './stack-file.mjs';
import { composeOf, stackctlOn } from './tools.mjs';

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {import('./table.mjs').Line} Line */
/** @typedef {import('./table.mjs').Comparison} Comparison */
/** @typedef {import('./in-turn.mjs').Contender} Contender */

/** Seldom enough that the checks themselves do not disturb. */
const interval = 30;

/** @param {string} tool @param {readonly Comparison[]} [comparisons] @returns {Line} */
const timed = (tool, comparisons = []) => ({ tool, unit: 's', values: [], comparisons });

/** The bounds of the issue: Node 20 starts slowly. @param {string} node @param {string} against @returns {Comparison} */
const likeCompose = (node, against) =>
  node === 'Node 20' ? { against, atMost: 1.5, orUpTo: { line: `node -e 0 (${node})`, more: 0.06 } } : { against, atMost: 1 };

/**
 * Lets a tool make its stack; then there is a reason why it cannot be measured, or a way to see that nobody has touched it since.
 * @param {Bench} bench @param {{ missing?: string, project: string }} tool @param {{ argv: readonly string[], services: number }} how
 */
async function made(bench, { missing, project }, { argv, services }) {
  if (missing !== undefined) return { missing };
  const { failed } = await bench.run(argv);
  const { ids, wrong } = await runningIds(bench, project, services);
  const touched = async () => {
    const now = await runningIds(bench, project, services);
    return now.wrong ?? (now.ids.every((id) => ids.includes(id)) ? undefined : 'containers were replaced');
  };
  return { missing: failed ?? wrong, wrong: touched };
}

/** The stack once by each tool. @param {Bench} bench @param {number} services */
async function prepared(bench, services) {
  const shape = { services, interval };
  const stack = { shape, file: await writeStack(join(bench.dir, `idle${services}`), shape) };
  const compose = composeOf(bench, bench.project(`idle${services}c`));
  const project = bench.project(`idle${services}s`);
  const ours = bench.nodes.map((node) => stackctlOn(bench, node, project));
  const [first] = ours;
  if (!first) throw new Error('no Node to run stackctl with');
  const composed = await made(bench, compose, { argv: compose.detached(stack), services });
  const applied = await made(bench, first, { argv: first.up(stack), services });
  return { stack, compose, ours, first, composed, applied };
}

/** @typedef {Awaited<ReturnType<typeof prepared>>} Prepared */

/** @param {Line} line @param {string[]} argv @param {Awaited<ReturnType<typeof made>>} state @returns {Contender} */
function contender(line, argv, { missing, wrong }) {
  return { line: { ...line, ...(missing !== undefined && { failed: missing }) }, argv, ...(wrong && { wrong }) };
}

/** @param {Bench} bench @returns {Contender[]} */
const bareNodes = ({ nodes }) => nodes.map(({ name, path }) => ({ line: timed(`node -e 0 (${name})`), argv: [path, '-e', '0'] }));

/** @param {Bench} bench @param {Prepared} there */
function planContenders(bench, { stack, compose, ours, composed, applied }) {
  const dryRun = 'docker-compose up -d --dry-run';
  return [
    ...bareNodes(bench),
    contender(timed(dryRun), compose.dryRun(stack), composed),
    ...ours.map((tool) => contender(timed(`${tool.name} plan`, [likeCompose(tool.node, dryRun)]), tool.plan(stack), applied)),
  ];
}

/** @param {Bench} bench @param {Prepared} there @param {(node: string) => Comparison[]} comparisons */
function applyContenders(bench, { stack, compose, ours, composed, applied }, comparisons) {
  return [
    ...bareNodes(bench),
    contender(timed('docker-compose up -d'), compose.detached(stack), composed),
    contender(timed('docker-compose up -d --wait'), compose.up(stack), composed),
    ...ours.map((tool) => contender(timed(`${tool.name} apply --yes`, comparisons(tool.node)), tool.up(stack), applied)),
  ];
}

/** What the issue allows, in MB. */
const memoryLimit = 150;

/** @param {import('./run.mjs').Ran} ran */
const peakMemory = ({ errors }) => Number(errors.trim().split(' ').at(-1));

/** @param {Bench} bench @param {Prepared} there @returns {Contender[]} */
function memoryContenders({ nodes, peak }, { stack, ours, applied }) {
  /** @param {Contender} contender @param {number} [limit] @returns {Contender} */
  const weighed = ({ line, argv: [node = '', ...rest] }, limit) => ({
    line: { ...line, unit: 'MB', ...(limit !== undefined && { limit }) },
    argv: [node, '--import', peak, ...rest],
    value: peakMemory,
  });
  return [
    ...nodes.map(({ name, path }) => weighed({ line: timed(`node -e 0 (${name})`), argv: [path, '-e', '0'] })),
    ...ours.map((tool) => weighed(contender(timed(`${tool.name} plan`), tool.plan(stack), applied), memoryLimit)),
  ];
}

/** @param {Bench} bench @param {Prepared} there @param {number} rounds @param {{ title: string, contenders: Contender[] }[]} groups */
async function measured(bench, { stack, compose, first, composed, applied }, rounds, groups) {
  for (const { contenders } of groups) await inTurn(bench, contenders, rounds);
  if (composed.wrong) await bench.run(compose.down(stack));
  if (applied.wrong) await bench.run(first.down(stack));
  return groups.map(({ title, contenders }) => ({ title, lines: contenders.map(({ line }) => line) }));
}

/** @param {Bench} bench */
export async function idle10(bench) {
  const there = await prepared(bench, 10);
  const detached = 'docker-compose up -d';
  return measured(bench, there, bench.options.shortRounds, [
    { title: 'plan: 10 services, nothing to do', contenders: planContenders(bench, there) },
    {
      title: 'apply: 10 services, nothing to do',
      contenders: applyContenders(bench, there, (node) => [likeCompose(node, detached), { against: `${detached} --wait`, atMost: 0.4 }]),
    },
    { title: 'peak memory of plan: 10 services', contenders: memoryContenders(bench, there) },
  ]);
}

/** @param {Bench} bench */
export async function idle50(bench) {
  const there = await prepared(bench, 50);
  const comparisons = [{ against: 'docker-compose up -d', atMost: 0.5 }, { against: 'docker-compose up -d --wait' }];
  return measured(bench, there, bench.options.shortRounds, [
    { title: 'apply: 50 services, nothing to do', contenders: applyContenders(bench, there, () => comparisons) },
  ]);
}
