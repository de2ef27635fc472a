import { judge, saidBy, type Limits } from './judge.ts';
import { judgeDeath } from './judge-death.ts';
import { run, type Ran, type Stage } from './stage.ts';
import { contentsOf, must, type VolumeGoal } from './volume-scenarios.ts';

type Side = 'before' | 'after';

/**
 * As `judge`, and what is in the volume is as before or as wanted, as the run and the containers say; every backup that is listed is whole;
 * no helper works on.
 */
export async function judgeVolume(stage: Stage, goal: VolumeGoal, ran: Ran, limits: Limits): Promise<string[]> {
  const from = stage.version;
  const found = await judge(stage, goal, ran, limits);
  const wrong = wrongContents(goal.contents, await contentsOf(stage), sideOf(ran, goal, { from, to: stage.version }));
  return [...found, ...wrong, ...(await damagedBackups(stage)), ...(await helpersOf(stage))];
}

/** As `judgeVolume`, of a run whose engine died and is there again. Looked into first: an apply may follow, which works in volumes too. */
export async function judgeVolumeDeath(stage: Stage, goal: VolumeGoal, ran: Ran, limits: Limits): Promise<string[]> {
  const isOver = ran.exitCode === 0 || ran.exitCode === 1;
  const from = stage.version;
  const early = isOver ? wrongContents(goal.contents, await contentsOf(stage), sideOf(ran, goal, { from, to: from })) : [];
  const found = await judgeDeath(stage, goal, ran, limits);
  const late = isOver ? [] : wrongContents(goal.contents, await contentsOf(stage), sideOf(ran, goal, { from, to: stage.version }));
  const said = early.length + late.length > 0 ? [`it ended with ${String(ran.exitCode)}`, ...saidBy(ran)] : [];
  return [...early, ...found, ...late, ...said, ...(await damagedBackups(stage)), ...(await helpersOf(stage))];
}

/** Which side the content has to be on; undefined: either, because nothing but the content tells. */
export function sideOf(
  { exitCode }: Pick<Ran, 'exitCode'>,
  { version }: Pick<VolumeGoal, 'version'>,
  { from, to }: { readonly from: number; readonly to: number },
): Side | undefined {
  if (exitCode === 0) return 'after';
  if (exitCode !== null && exitCode !== 4) return 'before';
  if (version === from) return undefined;
  return to === version ? 'after' : 'before';
}

/** What is not as it has to be, with some lines of both. */
export function wrongContents(contents: VolumeGoal['contents'], now: readonly string[], side: Side | undefined): string[] {
  const is = (one: Side): boolean => JSON.stringify(now) === JSON.stringify(contents[one]);
  if (side ? is(side) : is('before') || is('after')) return [];
  const lines = (title: string, some: readonly string[]): string[] => some.slice(0, 4).map((line) => `| ${title} ${line.slice(0, 200)}`);
  const missing = (those: readonly string[]): string[] => those.filter((line) => !now.includes(line));
  const strange = now.filter((line) => !contents.before.includes(line) || !contents.after.includes(line));
  return [
    `the volume is not as ${side ?? 'before, nor as after'}:`,
    ...lines('is', strange),
    ...lines('before', missing(contents.before)),
    ...lines('after', missing(contents.after)),
  ];
}

async function damagedBackups(stage: Stage): Promise<string[]> {
  const verified = await run(stage, 'volume verify');
  return verified.exitCode === 0 ? [] : [`volume verify ended with ${String(verified.exitCode)}`, ...saidBy(verified)];
}

/** One that was made and never started goes with the next one. */
async function helpersOf(stage: Stage): Promise<string[]> {
  const { project } = stage.rig;
  const left = async (): Promise<string[]> => {
    const all = await project.docker.listContainers({ all: true, filters: { label: ['io.stackctl.helper'] } });
    const own = all.filter(({ Mounts }) => Mounts.some(({ Name = '' }) => Name.startsWith(`${project.name}_`)));
    return own.map(({ State, Labels }) => `a helper is left (${State}): ${JSON.stringify(Labels)}`);
  };
  if ((await left()).length === 0) return [];
  await must(stage, 'volume list');
  return left();
}
