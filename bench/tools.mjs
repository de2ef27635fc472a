// How each tool is called. All of them read the same stack file, each under a project name of its own.

/** @typedef {import('./bench-context.mjs').Bench} Bench */
/** @typedef {import('./stack-file.mjs').Shape} Shape */
/** @typedef {{ file: string, shape: Shape }} Stack */

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} [missing] why it cannot be measured
 * @property {string} project
 * @property {(stack: Stack) => string[]} up also brings it to a changed file
 * @property {(stack: Stack) => string[]} replace
 * @property {(stack: Stack) => string[]} down
 */

/** @param {Bench} bench @param {import('./bench-context.mjs').NodeProgram} node @param {string} project */
export function stackctlOn({ stackctl = '', options }, node, project) {
  /** @param {string} verb @param {readonly string[]} flags */
  const call =
    (verb, flags) =>
    (/** @type {Stack} */ { file }) => [node.path, stackctl, verb, '-f', file, '-p', project, ...flags];
  const apply = call('apply', ['--yes', ...options.stackctlFlags]);
  return {
    name: `stackctl (${node.name})`,
    node: node.name,
    ...(stackctl === '' && { missing: 'not built' }),
    project,
    plan: call('plan', []),
    up: apply,
    replace: apply,
    down: call('down', ['--yes', ...options.stackctlFlags]),
  };
}

/** @param {Bench} bench @param {string} project */
export function composeOf({ compose = '' }, project) {
  /** @param {readonly string[]} words */
  const call =
    (...words) =>
    (/** @type {Stack} */ { file }) => [compose, '-f', file, '-p', project, ...words];
  const wait = call('up', '-d', '--wait');
  return {
    name: 'docker-compose',
    ...(compose === '' && { missing: 'docker-compose cannot be had here' }),
    project,
    dryRun: call('up', '-d', '--dry-run'),
    detached: call('up', '-d'),
    up: wait,
    replace: wait,
    down: call('down'),
  };
}

/** @param {Bench} bench @param {string} project */
export function bareOf({ bare, options }, project) {
  /** @param {string} verb */
  const call =
    (verb) =>
    (/** @type {Stack} */ { shape: { services, interval, generation = '1' } }) =>
      [process.execPath, bare, verb, project, services, interval ?? 'none', generation, options.parallelism].map(String);
  return { name: 'bare Engine API', project, up: call('up'), replace: call('replace'), down: call('down') };
}
