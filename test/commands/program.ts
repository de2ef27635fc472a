import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..', '..');

/** The program, bundled without its packages, to be run as a process. */
export interface Program {
  /** To be given to Node. */
  readonly path: string;
  run(words: readonly string[], options: RunOptions): Promise<Ended>;
  start(words: readonly string[], options: RunOptions): ChildProcess;
  remove(): Promise<void>;
}

interface RunOptions {
  readonly cwd: string;
  readonly environment?: { readonly [name: string]: string };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes the program of `entry`; the folder lies where its packages are found. */
export async function makeProgram(entry = join(root, 'src/cli.ts')): Promise<Program> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'stackctl-test-'));
  const bundle = await rolldown({ input: { stackctl: entry }, platform: 'node', external: /^[^./\0]/, logLevel: 'silent' });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  const start = (words: readonly string[], { cwd, environment = {} }: RunOptions): ChildProcess =>
    spawn(process.execPath, [join(folder, 'stackctl.mjs'), ...words], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    path: join(folder, 'stackctl.mjs'),
    run: (words, options) => ended(start(words, options)),
    start,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a process wrote, and what it ended with. */
export function ended(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, ...texts });
    });
  });
}
