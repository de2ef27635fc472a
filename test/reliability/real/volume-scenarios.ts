import { mkdir, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { healthy, service } from '../../e2e/bad-days/stacks.ts';
import { lookAt } from './oracle.ts';
import type { Scenario } from './scenarios.ts';
import { toReplace, type Goal, type Stage, type Texts } from './stage.ts';
import { listing } from './tree-listing.ts';

// Whatever is run here works in volumes with it
process.env['STACKCTL_HELPER_IMAGE'] = 'stackctl/helper:1';

const options = 'owner: "1000:1000", on_drift: fix, remove_before_start: [stale.json], backup: { before: [fix], keep: 2 }';

/** A service whose volume has an owner to be kept to, a file to be removed and a backup to be taken. */
const keeping: Texts = (version) =>
  `services:\n${service('web', healthy, `environment: { V: "${version}" }`, 'volumes: ["data:/data"]')}` +
  `volumes: { data: { x-stack: { ${options} } } }\n`;

/** Where work in a volume leads: what is in it when it went well, and when it did not. */
export interface VolumeGoal extends Goal {
  readonly contents: { readonly before: readonly string[]; readonly after: readonly string[] };
}

export interface VolumeScenario extends Scenario {
  prepare(stage: Stage): Promise<VolumeGoal>;
}

const volumeOf = async ({ rig: { project } }: Stage): Promise<string> =>
  (await project.docker.getVolume(`${project.name}_data`).inspect()).Mountpoint;

/** Without the time of the top folder: whoever removes a file from it, or brings one back, changes that. */
export async function contentsOf(stage: Stage): Promise<string[]> {
  const [top, ...entries] = await listing(await volumeOf(stage));
  const facts = JSON.parse(top ?? '[]') as string[];
  return [JSON.stringify(facts.with(5, 'any time')), ...entries];
}

/** The files as somebody else has left them: owned by root, with one that must not be there. */
async function spoil(stage: Stage): Promise<string[]> {
  const folder = await volumeOf(stage);
  await execa('find', [folder, '-mindepth', '1', '-delete']);
  await mkdir(`${folder}/segments`);
  await writeFile(`${folder}/segments/one`, Buffer.alloc(200_000, 'one'));
  await writeFile(`${folder}/rows.db`, 'rows');
  await writeFile(`${folder}/stale.json`, '{}');
  await execa('chown', ['-R', '0:0', folder]);
  await execa('find', [folder, '-exec', 'touch', '-d', '2001-02-03 04:05:06', '{}', '+']);
  return contentsOf(stage);
}

type Words = readonly [name: string, words: string];

/** Nothing is replaced: the containers are the same ones before and after. */
const standing = ([name, words]: Words, toDo: (stage: Stage) => Promise<VolumeGoal['contents']>): VolumeScenario => ({
  name,
  words,
  texts: keeping,
  async prepare(stage) {
    const contents = await toDo(stage);
    stage.look = await lookAt(stage.rig);
    return { before: stage.look, version: stage.version, contents };
  },
});

export async function must(stage: Stage, words: string): Promise<void> {
  const { exitCode, stdout, stderr } = await stage.rig.stackctl(words);
  if (exitCode !== 0) throw new Error(`${words} ended with ${String(exitCode)}:\n${stdout}\n${stderr}`);
}

/** What such work leads to when nothing goes wrong: on one stage the same each time, so it is done once. */
function whenWell(): (stage: Stage, work: () => Promise<void>) => Promise<readonly string[]> {
  const known = new WeakMap<Stage, readonly string[]>();
  return async (stage, work) => {
    const is = known.get(stage);
    if (is) return is;
    await spoil(stage);
    await work();
    const after = await contentsOf(stage);
    known.set(stage, after);
    return after;
  };
}

const [whenFixed, whenReplaced] = [whenWell(), whenWell()];

const fix = 'volume fix data --yes';
const apply = 'apply --yes';

export const volumeScenarios: Readonly<Record<'fix' | 'backup' | 'restore' | 'replace', VolumeScenario>> = {
  fix: standing(['files get their owner', fix], async (stage) => {
    const after = await whenFixed(stage, () => must(stage, fix));
    return { after, before: await spoil(stage) };
  }),
  backup: standing(['a volume is backed up', 'volume backup --yes'], async (stage) => {
    const before = await spoil(stage);
    return { before, after: before };
  }),
  restore: standing(['a volume is restored', 'volume restore data --yes'], async (stage) => {
    const after = await spoil(stage);
    await must(stage, 'volume backup --yes');
    await execa('find', [await volumeOf(stage), '-mindepth', '1', '-delete']);
    await writeFile(`${await volumeOf(stage)}/later`, 'what came since');
    return { after, before: await contentsOf(stage) };
  }),
  replace: {
    name: 'a service is replaced, its volume backed up and mended',
    words: apply,
    texts: keeping,
    async prepare(stage) {
      const after = await whenReplaced(stage, async () => {
        const { version } = await toReplace(stage);
        await must(stage, apply);
        stage.version = version;
        stage.look = await lookAt(stage.rig);
      });
      const goal = await toReplace(stage);
      const before = await spoil(stage);
      stage.look = await lookAt(stage.rig);
      return { ...goal, before: stage.look, contents: { before, after } };
    },
  },
};
