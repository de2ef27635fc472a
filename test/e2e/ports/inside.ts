import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { untilTrue } from '../../../src/lib/until-true.ts';
import { lookFrom, lookProgram } from '../../kit/look-from.ts';
import { startPrivateEngine, type PrivateEngine, type PrivateEngineOptions } from '../../kit/private-engine.ts';
import { createProject, type Project, type Ran } from '../../kit/project.ts';

/** An engine in a network of its own, a project on it, and stackctl run in that network: where the ports of the engine are. */
export interface Inside extends AsyncDisposable {
  readonly engine: PrivateEngine;
  readonly project: Project;
  stackctl(words: string): Promise<Ran>;
  /** From the network of this test, which is another one. */
  stackctlOutside(words: string): Promise<Ran>;
  /** Pids of those that hold a TCP port in there. */
  holders(port: number): Promise<number[]>;
}

const bin = process.env['STACKCTL_TEST_BIN'] ?? join(import.meta.dirname, '../../../dist/stackctl.js');
const node = process.env['STACKCTL_TEST_NODE'] ?? process.execPath;

export async function inside(options: PrivateEngineOptions = {}): Promise<Inside> {
  const engine = await startPrivateEngine(options);
  const [project, program] = await Promise.all([createProject(engine.dockerHost), lookProgram()]);
  const env = { DOCKER_HOST: engine.dockerHost, XDG_STATE_HOME: join(project.folder, '.state'), COMPOSE_PROJECT_NAME: project.name };
  const split = (words: string): string[] => words.split(' ');
  return {
    engine,
    project,
    async stackctl(words) {
      const [file = '', ...before] = engine.inside;
      const { exitCode, stdout, stderr } = await execa(file, [...before, node, bin, ...split(words)], {
        cwd: project.folder,
        env,
        reject: false,
        timeout: 120_000,
        input: '',
      });
      return { exitCode, stdout, stderr };
    },
    stackctlOutside: (words) => project.stackctl(split(words)),
    async holders(port) {
      const found = await lookFrom(program, { through: engine.inside, ports: [{ protocol: 'tcp', port }] });
      return found.flatMap((listener) => listener.holders.map(({ pid }) => pid));
    },
    async [Symbol.asyncDispose]() {
      await Promise.resolve(project[Symbol.asyncDispose]()).catch(() => undefined);
      await engine.stop();
      await rm(program, { force: true });
    },
  };
}

export const until = (isSo: () => Promise<boolean>): Promise<unknown> =>
  untilTrue(isSo, { firstPauseMs: 50, longestPauseMs: 500, signal: AbortSignal.timeout(60_000) });

/** Ends it, if it still is there. */
export function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended
  }
}
