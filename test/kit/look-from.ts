import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { rolldown } from 'rolldown';
import type { Listener } from '../../src/model/listener.ts';
import type { HostPort } from '../../src/platform/host.ts';

const adapter = join(import.meta.dirname, '../../src/adapters/linux-host.ts');

/** A program that looks at host ports as stackctl does and prints what it sees, for other namespaces and other users to run. */
export async function lookProgram(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'look-from-'));
  const input = join(folder, 'look.ts');
  await writeFile(
    input,
    `import { linuxHost } from ${JSON.stringify(adapter)};
     const ports = JSON.parse(process.argv[2]);
     console.log(JSON.stringify(await linuxHost().listeners(ports, AbortSignal.timeout(10_000))));`,
  );
  const made = await rolldown({ input, platform: 'node', external: ['execa'] });
  const file = join(import.meta.dirname, `../../node_modules/.cache/look-from-${process.pid}.mjs`); // where execa is found
  await made.write({ file, format: 'esm', codeSplitting: false });
  await made.close();
  return file;
}

/** Runs it behind other words, such as `unshare --net`. */
export async function lookFrom(
  program: string,
  {
    through,
    ports,
    env = {},
  }: { readonly through: readonly string[]; readonly ports: readonly HostPort[]; readonly env?: Record<string, string> },
): Promise<Listener[]> {
  const [file, ...words] = [...through, process.execPath, program, JSON.stringify(ports)];
  const { stdout } = await execa(file, words, { env });
  return JSON.parse(stdout.split('\n').at(-1) ?? '') as Listener[];
}
