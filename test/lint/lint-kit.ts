import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { lint, toldByRules, type Told } from '../../src/lint/lint.ts';
import { servicesOf, type Linted, type LocalImage, type OtherStack } from '../../src/lint/linted.ts';
import { readStack } from '../../src/spec/read-stack.ts';
import type { ByName } from '../../src/lib/record.ts';

/** Images that the engine of the tests has. */
const images: ByName<LocalImage> = {
  'with-wget:1': { healthcheck: false, files: new Set(['sh', 'wget', 'timeout']) },
  'distroless:1': { healthcheck: false, files: new Set(['app']) },
  'with-healthcheck:1': { healthcheck: true },
};

/** What lint says of a stack file on a machine with these images, beside these other stacks. */
export async function lintFile(path: string, others: readonly OtherStack[] = []): Promise<readonly Told[]> {
  const read = await readFile(path);
  if (!read.ok) return toldByRules(read.error);
  const { desired, declared, warnings } = read.value;
  const sources = servicesOf({ desired, declared }).flatMap(({ said }) => (said.volumes ?? []).flatMap(({ source }) => source ?? []));
  const missingPaths = new Set(sources.filter((source) => source.startsWith('/') && !source.endsWith('.sock') && !existsSync(source)));
  const linted: Linted = { desired, declared, machine: { missingPaths, images }, others };
  return lint(linted, warnings);
}

export const readFile = (path: string): ReturnType<typeof readStack> =>
  readStack({
    files: [path],
    profiles: ['*'],
    envFiles: [],
    environment: { PATH: '/bin' },
    cwd: dirname(path),
    vaultKey: '00'.repeat(16),
  });
