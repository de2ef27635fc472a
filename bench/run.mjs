// Runs one program and says how long it took, from before it is started to its end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** @typedef {{ ms: number, firstByteMs: number | undefined, failed: string | undefined, output: string, errors: string }} Ran */

/** How long a program may take to clear up after the first Ctrl-C. */
const graceMs = 20_000;

/** The last lines that say something, in one. @param {string} said */
function lastWords(said) {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('    at '));
  return lines.slice(-3).join(' / ').slice(-300);
}

/**
 * In a process group of its own, so that a Ctrl-C reaches it once, from here: as SIGINT, and when it takes too long as SIGKILL.
 * @param {readonly string[]} argv
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal }} where
 * @returns {Promise<Ran>}
 */
export async function run([program = '', ...rest], { cwd, env, signal }) {
  signal.throwIfAborted();
  const started = performance.now();
  const child = spawn(program, rest, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {number | undefined} */
  let firstByteMs;
  child.stdout.once('data', () => (firstByteMs = performance.now() - started));
  /** @type {NodeJS.Timeout | undefined} */
  let patience;
  const stop = () => {
    child.kill('SIGINT');
    patience = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', stop);
  try {
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code, killedBy] = await once(child, 'exit');
    const ms = performance.now() - started;
    const [output, errors] = await said;
    signal.throwIfAborted();
    return {
      ms,
      firstByteMs,
      output,
      errors,
      failed: code === 0 ? undefined : `ended with ${killedBy ?? code}: ${lastWords(errors || output)}`,
    };
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(patience);
  }
}
