// Stack files to measure with: many small services in one default network. Both tools read the same file.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const image = 'stackctl/busybox:1';
/** Ends at SIGTERM at once: as process 1, `sleep` alone would not hear it. */
export const command = ['sh', '-c', 'trap exit TERM; sleep 2147483647 & wait'];
export const probe = ['CMD', 'true'];

/**
 * @typedef {object} Shape
 * @property {number} services
 * @property {number | undefined} interval seconds between health checks; undefined for none
 * @property {string} [generation] a value in the environment of each service: another one replaces them all
 */

/** @param {Shape} shape */
export const serviceNames = ({ services }) => Array.from({ length: services }, (_, index) => `s${String(index + 1).padStart(2, '0')}`);

/** @param {string} name @param {Shape} shape */
function service(name, { interval, generation = '1' }) {
  const lines = [
    `  ${name}:`,
    `    image: ${image}`,
    `    command: ${JSON.stringify(command)}`,
    '    restart: "no"',
    '    environment:',
    `      GENERATION: "${generation}"`,
  ];
  if (interval !== undefined) {
    lines.push(
      '    healthcheck:',
      `      test: ${JSON.stringify(probe)}`,
      `      interval: ${interval}s`,
      '      timeout: 10s',
      '      retries: 3',
    );
  }
  return lines;
}

/** Writes the file below `dir` and gives its path. @param {string} dir @param {Shape} shape */
export async function writeStack(dir, shape) {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'compose.yaml');
  await writeFile(file, ['services:', ...serviceNames(shape).flatMap((name) => service(name, shape)), ''].join('\n'));
  return file;
}
