import { createRig, type Rig } from '../../e2e/bad-days/rig.ts';
import { start, type Ended, type Started } from '../../e2e/bad-days/started.ts';
import { exactly, asWanted, differences, lookAt, type Look } from './oracle.ts';

/** A stack in two versions, of which one is up (or none), and what is known of it. */
export interface Stage extends AsyncDisposable {
  readonly rig: Rig;
  readonly texts: Texts;
  /** 0: nothing is up. */
  version: 0 | 1 | 2;
  look: Look;
  /** How version 1 and 2 look when nothing has gone wrong, and how nothing does. */
  readonly wanted: readonly [nothing: unknown, one: unknown, two: unknown];
}

/** A stack file for each version. */
export type Texts = (version: 1 | 2) => string;

/** Where a command is to lead, and from where. */
export interface Goal {
  readonly before: Look;
  readonly version: 0 | 1 | 2;
}

export async function createStage(texts: Texts, host = process.env['DOCKER_HOST'] ?? ''): Promise<Stage> {
  const rig = await createRig(host);
  const nothing = await lookAt(rig);
  await rig.up(texts(1));
  const one = await lookAt(rig);
  await rig.up(texts(2));
  const two = await lookAt(rig);
  return {
    rig,
    texts,
    version: 2,
    look: two,
    wanted: [withVolumesOf(two, nothing), asWanted(one), asWanted(two)],
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** A down leaves volumes. */
const withVolumesOf = ({ standing: { volumes } }: Look, nothing: Look): unknown =>
  asWanted({ ...nothing, standing: { ...nothing.standing, volumes } });

/** Writes the other version of the stack file: what an apply replaces now. */
export async function toReplace(stage: Stage): Promise<Goal> {
  if (stage.version === 0) await comeUp(stage);
  const version = stage.version === 1 ? 2 : 1;
  await stage.rig.write(stage.texts(version));
  return { before: stage.look, version };
}

/** Takes down what is up, so that an apply makes it all. */
export async function toBegin(stage: Stage): Promise<Goal> {
  if (stage.version !== 0) {
    await mustGoWell(stage.rig, 'down --yes');
    stage.version = 0;
    stage.look = await lookAt(stage.rig);
  }
  await stage.rig.write(stage.texts(1));
  return { before: stage.look, version: 1 };
}

/** Sees that it is up, so that a down has something to do. */
export async function toTakeDown(stage: Stage): Promise<Goal> {
  if (stage.version === 0) await comeUp(stage);
  return { before: stage.look, version: 0 };
}

async function comeUp(stage: Stage): Promise<void> {
  await stage.rig.up(stage.texts(1));
  stage.version = 1;
  stage.look = await lookAt(stage.rig);
}

async function mustGoWell(rig: Rig, words: string): Promise<void> {
  const { exitCode, stdout, stderr } = await rig.stackctl(words);
  if (exitCode !== 0) throw new Error(`${words} ended with ${String(exitCode)}:\n${stdout}\n${stderr}`);
}

export interface Ran extends Ended {
  readonly tookMs: number;
}

export interface Launch {
  readonly env?: Record<string, string>;
  /** Words put before the program, such as strace. */
  readonly through?: readonly string[];
}

/** Starts stackctl as the stage's own rig does, with more around it. */
export function launch(
  { rig }: Pick<Stage, 'rig'>,
  words: string,
  { env = {}, through = [] }: Launch = {},
): Started & { readonly ran: Promise<Ran> } {
  const { project, proxy } = rig;
  const own = { DOCKER_HOST: proxy.dockerHost, XDG_STATE_HOME: `${project.folder}/.state`, COMPOSE_PROJECT_NAME: project.name };
  const began = performance.now();
  const run = start(words.split(' '), { cwd: project.folder, env: { ...own, ...env }, through });
  const ran = run.ended.then((ended) => ({ ...ended, tookMs: performance.now() - began }));
  return { ...run, ran };
}

export const run = (stage: Pick<Stage, 'rig'>, words: string, more?: Launch): Promise<Ran> => launch(stage, words, more).ran;

/** Which of the two worlds it is; else where it differs from both. */
export function sideOf(stage: Stage, { before, version }: Goal, now: Look): 'before' | 'after' | readonly string[] {
  const fromBefore = differences(exactly(before), exactly(now));
  if (fromBefore.length === 0) return 'before';
  const fromAfter = [...differences(stage.wanted[version], asWanted(now)), ...exchanged(before, now)];
  return fromAfter.length === 0 ? 'after' : [`as before but for ${few(fromBefore)}`, `as wanted but for ${few(fromAfter)}`];
}

/** Networks and volumes that nothing asked to make anew are the same ones still. */
function exchanged({ standing: was }: Look, { standing: is }: Look): string[] {
  return Object.entries(is.networks).flatMap(([name, { Id }]) => {
    const had = was.networks[name]?.Id;
    return had === undefined || had === Id ? [] : [`network ${name} is another one`];
  });
}

const few = (lines: readonly string[]): string => lines.slice(0, 6).join(' | ');
