import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect } from 'vitest';
import { canary, canaryEnvironment, canaryFiles, canaryStack } from '../../kit/canaries.ts';
import { createRig, type Rig } from '../bad-days/rig.ts';

/** A rig whose stack has a canary in each place, and all that stackctl told and kept, by what it was. */
export interface CanaryRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly told: Map<string, string>;
  /** Writes the stack in that version. */
  write(version: string, healthy?: boolean): Promise<void>;
  /** Runs it with debug output, and keeps what it says under these words. The exit code must be as expected. */
  run(words: string, version: string, expected: number, env?: Record<string, string>): Promise<string>;
  /** What a run of that version has in its environment. */
  environment(version: string): Record<string, string>;
  /** Keeps the files that stackctl wrote: their paths. */
  keepFiles(): Promise<readonly string[]>;
}

export async function createCanaryRig(): Promise<CanaryRig> {
  const rig = await createRig();
  const { project } = rig;
  const told = new Map<string, string>();
  await keepNotes(rig, told);
  const logins = { auths: { '127.0.0.1:9': { username: 'ann', password: canary('registry') } } };
  await project.write('.docker/config.json', JSON.stringify(logins));
  const environment = (version: string): Record<string, string> => ({
    ...canaryEnvironment(version),
    DOCKER_CONFIG: join(project.folder, '.docker'),
    DEBUG: '*',
  });
  return {
    rig,
    told,
    environment,
    async write(version, healthy = true) {
      await rig.write(canaryStack(version, { image: `${project.name}-web:1`, healthy }));
      for (const [name, text] of Object.entries(canaryFiles(version))) await project.write(name, text);
    },
    async run(words, version, expected, env = {}) {
      const ran = await rig.stackctl(words, { env: { ...environment(version), ...env } });
      told.set(`${words} (${version}, ${expected})`, ran.stdout + ran.stderr);
      expect.soft([words, ran.exitCode, ran.exitCode === expected ? '' : ran.stderr + ran.stdout]).toEqual([words, expected, '']);
      return ran.stdout;
    },
    async keepFiles() {
      const written = (await filesBelow(project.folder)).filter((file) => !ownFiles.test(file));
      for (const file of written) told.set(file, await readFile(file, 'utf8'));
      return written;
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** What the test wrote, and what is there to hold the values: the .env of an import. */
const ownFiles = /(compose\.yaml|token\.txt|web\.env|config\.json|imported\/\.env)$/;

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => ((await stat(join(folder, name))).isDirectory() ? filesBelow(join(folder, name)) : [join(folder, name)])),
  );
  return found.flat();
}

/** What the engine keeps of a run while it is under way. */
async function keepNotes({ project, proxy }: Rig, told: Map<string, string>): Promise<void> {
  proxy.before({ method: 'POST', path: /\/containers\/create/ }, async () => {
    // The container of the lock is created before it
    const note = await project.docker
      .getVolume(`stackctl-run-${project.name}`)
      .inspect()
      .catch(() => undefined);
    if (!note) return;
    const text = note.Labels['io.stackctl.run.note'] ?? '';
    told.set(`note ${told.size}`, inflateRawSync(Buffer.from(text, 'base64')).toString());
  });
}
