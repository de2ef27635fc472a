import { join } from 'node:path';
import { execa } from 'execa';

/** The path of a program that tests use, fetched on first use: test/engine/tools.sh. */
export async function tool(name: 'faketime' | 'strace'): Promise<string> {
  const { stdout } = await execa(join(import.meta.dirname, '../engine/tools.sh'), [name]);
  return stdout.trim();
}
