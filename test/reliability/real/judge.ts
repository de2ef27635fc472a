import { beside, differences, lookAt } from './oracle.ts';
import { run, sideOf, type Goal, type Ran, type Stage } from './stage.ts';

export interface Limits {
  /** I9: what the way forward and the way back may take together, and 5 s. */
  readonly withinMs: number;
  /** Where the run leads when it ends with 0; default: to what is wanted. */
  readonly leadsTo?: Side;
  /** The engine itself went down: the container beside the stack went with it. */
  readonly engineDied?: boolean;
}

type Side = 'before' | 'after';

/** Where a run that ended with this code has left the machine; the others end only after `recover`. */
const sides: Readonly<Record<number, Side>> = { 1: 'before', 3: 'before', 130: 'before' };

/**
 * Holds what a run has left against the promise: the world before or the world that is wanted, which of them its exit code says, and
 * nothing else changed. A run that was killed, or that says itself that it left something (4), gets its `recover`. Notes where the
 * stage stands then.
 */
export async function judge(
  stage: Stage,
  goal: Goal,
  ran: Ran,
  { withinMs, leadsTo = 'after', engineDied = false }: Limits,
): Promise<string[]> {
  const late = ran.tookMs > withinMs ? [`it took ${Math.round(ran.tookMs)} ms of ${withinMs} ms (I9)`] : [];
  const said = sideSaid(ran, leadsTo);
  const isCutOff = ran.exitCode === null || ran.exitCode === 4;
  if (said === undefined && !isCutOff) return [...late, `it ended with ${String(ran.exitCode)}`, ...saidBy(ran)];
  const mended = isCutOff ? await mend(stage, ran) : [];
  const look = await lookAt(stage.rig);
  const side = sideOf(stage, goal, look);
  const wrong = Array.isArray(side) ? side : [];
  const lied =
    said !== undefined && !Array.isArray(side) && side !== said && !isAlike(stage, goal)
      ? [`its code says "${said}", it is "${String(side)}"`]
      : [];
  const touched = engineDied ? [] : differences(beside(goal.before), beside(look), 'the container beside it');
  stage.look = look;
  if (side === 'after') stage.version = goal.version;
  const found = [...late, ...mended, ...wrong, ...lied, ...touched];
  return found.length > 0 ? [...found, `it ended with ${String(ran.exitCode ?? ran.signal)}`, ...saidBy(ran)] : [];
}

const sideSaid = ({ exitCode }: Ran, leadsTo: Side): Side | undefined => (exitCode === 0 ? leadsTo : sides[exitCode ?? -1]);

/** What has to be done after a run that did not come to its end. */
async function mend(stage: Stage, ran: Ran): Promise<string[]> {
  const recovered = await recover(stage);
  if (recovered.exitCode !== 0) return [`recover ended with ${String(recovered.exitCode)}`, ...saidBy(recovered)];
  if (!isOnlyUntidy(ran)) return [];
  const again = await run(stage, ran.stderr.includes('stackctl down again') ? 'down --yes' : 'apply --yes');
  return again.exitCode === 0 ? [] : [`what is to clean up ended with ${String(again.exitCode)}`, ...saidBy(again)];
}

/** The lock of a process that was killed while it took it stands for up to ten seconds (docs/decisions/0003-lock.md). */
const recover = (stage: Stage): Promise<Ran> => run(stage, 'recover --yes --lock-timeout 15s');

/** All is up as it is wanted, or on its way down: what is left is removed by the same command once more. */
const isOnlyUntidy = ({ exitCode, stderr }: Ran): boolean =>
  exitCode === 4 && /Up, but not cleaned up|Not all of it was removed/.test(stderr);

/** Where nothing was to be done the two worlds are one. */
const isAlike = (stage: Stage, { version }: Goal): boolean => version === stage.version;

export const saidBy = ({ stdout, stderr }: Pick<Ran, 'stdout' | 'stderr'>): string[] => {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('{'));
  return lines.slice(-12).map((line) => `| ${line.slice(0, 300)}`);
};

/** Nothing was begun; what the engine has done late is no more than a note of a run, and the next apply leads to what is wanted. */
export async function judgeUntouched(stage: Stage, goal: Goal, refused: Ran): Promise<string[]> {
  const recovered = await recover(stage);
  if (recovered.exitCode !== 0) return [`recover ended with ${String(recovered.exitCode)}`, ...saidBy(refused), ...saidBy(recovered)];
  const again = await run(stage, 'apply --yes --lock-timeout 15s');
  if (again.exitCode !== 0) return [`the next apply ended with ${String(again.exitCode)}`, ...saidBy(refused), ...saidBy(again)];
  stage.look = await lookAt(stage.rig);
  const side = sideOf(stage, goal, stage.look);
  if (side === 'after') stage.version = goal.version;
  const isWanted = side === 'after' || (side === 'before' && isAlike(stage, goal));
  return isWanted ? [] : ['the next apply leads to', ...(side === 'before' ? [side] : side)];
}
