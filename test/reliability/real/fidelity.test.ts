import { execa } from 'execa';
import { test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { service, stack } from '../../e2e/bad-days/stacks.ts';
import { campaign, depth, type Case } from './campaign.ts';
import { differences } from './oracle.ts';
import { randomTreeProgram } from './random-tree.ts';
import { listing } from './tree-listing.ts';

const env = { STACKCTL_HELPER_IMAGE: 'stackctl/helper:1' };
const volumes = ['one', 'two', 'three', 'four', 'five'];

/** One stopped service with all of them, so that a copy of each needs nobody to be stopped. */
const text =
  stack(service('web', `volumes: [${volumes.map((name) => `"${name}:/${name}"`).join(', ')}]`)) +
  `volumes: { ${volumes.map((name) => `${name}: {}`).join(', ')} }\n`;

const folderOf = async ({ docker, name }: Project, volume: string): Promise<string> =>
  (await docker.getVolume(`${name}_${volume}`).inspect()).Mountpoint;

async function must(project: Project, ...words: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await project.stackctl(words, { env });
  if (exitCode !== 0) throw new Error(`${words.join(' ')} ended with ${String(exitCode)}:\n${stdout}\n${stderr}`);
}

async function createShelf(): Promise<Project> {
  const project = await createProject();
  await project.write('compose.yaml', text);
  await must(project, 'apply', '--yes');
  await project.docker.getContainer(`${project.name}-web-1`).stop();
  return project;
}

async function filled(project: Project, volume: string, seed: number): Promise<string[]> {
  const folder = await folderOf(project, volume);
  await execa('find', [folder, '-mindepth', '1', '-delete']);
  await execa('perl', ['-e', randomTreeProgram, folder, String(seed)]);
  return listing(folder);
}

/** Each of these trees is put into a volume of its own, backed up, verified, and restored into a new volume. */
const cameBack = (seeds: readonly number[]): Case<Project> => ({
  name: `trees of the seeds ${seeds.join(', ')}.`,
  async run(project) {
    const trees = await Promise.all(
      seeds.map(async (seed, i) => ({ seed, volume: volumes[i]!, was: await filled(project, volumes[i]!, seed) })),
    );
    await must(project, 'volume', 'backup', '--yes');
    await must(project, 'volume', 'verify');
    const found: string[] = [];
    for (const { seed, volume, was } of trees) {
      await must(project, 'volume', 'restore', volume, '--to', `${project.name}_copy`, '--yes');
      const wrong = [
        ...differences(was, await listing(await folderOf(project, 'copy'))),
        ...differences(was, await listing(await folderOf(project, volume))),
      ];
      if (wrong.length > 0) found.push(`seed ${String(seed)}: ${wrong.slice(0, 5).join(' | ')}`);
      await project.docker.getVolume(`${project.name}_copy`).remove();
    }
    return { cases: seeds.length, violations: found };
  },
});

test('random trees', async () => {
  const seeds = Array.from({ length: 24 * depth }, (_, i) => i + 1);
  const groups = Array.from({ length: Math.ceil(seeds.length / volumes.length) }, (_, i) =>
    seeds.slice(i * volumes.length, (i + 1) * volumes.length),
  );
  await campaign({
    row: 'F21',
    what: 'a random tree is backed up, verified and restored into a new volume: bit by bit the same, and so is the one that it was taken from',
    on: 'a real engine',
    lanes: 2,
    stage: createShelf,
    cases: groups.map(cameBack),
  });
});
