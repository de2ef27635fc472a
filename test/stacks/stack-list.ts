import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '..', '..');

/** The stacks of the repository's stack.config.yaml, by name: their file, relative to the root. */
export const stackFiles = Object.entries(
  (parse(readFileSync(join(root, 'stack.config.yaml'), 'utf8')) as { stacks: Record<string, { file: string }> }).stacks,
).map(([name, { file }]) => ({ name, file }));

/** Those from the field reports. */
export const fieldStacks = stackFiles.filter(({ name }) => !['demo', 'small'].includes(name));
