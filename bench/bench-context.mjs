// What the groups of measurements have in common: the tools, where they run, and that nothing stays behind.
import { existsSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, sweep } from './engine-client.mjs';
import { run } from './run.mjs';

/** @param {string} path */
const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** @typedef {{ name: string, version: string, path: string }} NodeProgram */
/** @typedef {Awaited<ReturnType<typeof openBench>>} Bench */

/** The path that a script of test/engine prints, or undefined when it cannot be had. @param {string} tool @param {Where} where */
async function fetched(tool, where) {
  const { failed, output } = await run([inRepository('test/engine/tools.sh'), tool], where);
  if (failed !== undefined) console.error(`tools.sh ${tool} ${failed}`);
  return failed === undefined ? output.trim() : undefined;
}

/** @typedef {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal }} Where */

/** This Node and the newest LTS, if it can be had and is another one. @param {Where} where @returns {Promise<NodeProgram[]>} */
async function findNodes(where) {
  /** @type {NodeProgram[]} */
  const found = [];
  for (const path of [process.execPath, await fetched('node-latest', where)]) {
    if (path === undefined) continue;
    const version = (await run([path, '--version'], where)).output.trim();
    const name = `Node ${version.slice(1).split('.')[0]}`;
    if (!found.some((other) => other.name === name)) found.push({ name, version, path });
  }
  return found;
}

/** The program as it is now: a build while this runs changes nothing. @param {string} dir */
async function copyOfBuilt(dir) {
  if (!existsSync(inRepository('dist/stackctl.js'))) return undefined;
  const program = join(dir, 'stackctl');
  await cp(inRepository('dist'), join(program, 'dist'), { recursive: true });
  await cp(inRepository('package.json'), join(program, 'package.json'));
  return join(program, 'dist/stackctl.js');
}

/** Nothing of the caller's that makes one of the tools behave otherwise; what they write goes below `dir`. @param {string} dir */
function cleanEnvironment(dir) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(COMPOSE_|STACKCTL_(?!ENGINE)|NODE_|npm_|DOCKER_CONTEXT$)/.test(name));
  return { ...Object.fromEntries(kept), TMPDIR: join(dir, 'tmp'), XDG_STATE_HOME: join(dir, 'state'), NO_COLOR: '1' };
}

/** @param {import('./options.mjs').Options} options @param {AbortSignal} signal */
export async function openBench(options, signal) {
  const dir = await mkdtemp(join(tmpdir(), 'stackctl-bench-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const env = cleanEnvironment(dir);
  const engine = connect();
  const where = { cwd: dir, env, signal };
  /** @type {Set<string>} */
  const projects = new Set();
  await mkdir(env.TMPDIR);

  return {
    options,
    engine,
    dir,
    where,
    nodes: await findNodes(where),
    compose: await fetched('compose', where),
    stackctl: await copyOfBuilt(dir),
    bare: inRepository('bench/bare-engine.mjs'),
    peak: inRepository('bench/print-peak-memory.mjs'),
    /** @param {readonly string[]} argv */
    run: (argv) => run(argv, where),
    /** A project name of this run, which is cleared away at the end. @param {string} name */
    project(name) {
      const project = `bench${process.pid}${name}`;
      projects.add(project);
      return project;
    },
    /** @param {string} project */
    sweep: (project) => sweep(engine, project),
    async close() {
      for (const project of projects) {
        const left = await sweep(engine, project);
        if (left.length > 0) console.error(`the engine does not remove ${left.join(', ')} of ${project}`);
      }
      engine.close();
    },
  };
}
