import { recoverWords } from './killed-at.ts';
import { judge, judgeUntouched, saidBy, type Limits } from './judge.ts';
import { asWanted, differences, lookAt } from './oracle.ts';
import { run, type Goal, type Ran, type Stage } from './stage.ts';

/** As `judge`, of a run whose engine died and is there again: one `recover` has to be enough. */
export async function judgeDeath(stage: Stage, goal: Goal, ran: Ran, limits: Limits): Promise<string[]> {
  // Nothing was begun, or all was over: what an engine without restart policies has left standing is the next apply's
  if (ran.exitCode === 1 || ran.exitCode === 0) return judgeUntouched(stage, goal, ran);
  const recovered = await run(stage, recoverWords);
  return isStuck(recovered) ? judgeStuck(stage, goal, recovered) : judge(stage, goal, ran, { ...limits, engineDied: true });
}

/**
 * The engine itself keeps a container from ever starting again (moby#50040): then stackctl has to say so, and what it says has to lead to
 * what is wanted.
 */
async function judgeStuck(stage: Stage, { version }: Goal, recovered: Ran): Promise<string[]> {
  const forgotten = await run(stage, 'recover --forget --yes');
  const again = await run(stage, 'apply --yes --force-recreate');
  stage.look = await lookAt(stage.rig);
  const found = differences(stage.wanted[version], asWanted(stage.look));
  if (found.length === 0) stage.version = version;
  return found.length === 0 ? [] : [...found, ...saidBy(recovered), ...saidBy(forgotten), ...saidBy(again)];
}

const isStuck = ({ exitCode, stdout, stderr }: Ran): boolean =>
  exitCode === 4 && `${stdout}${stderr}`.includes('a new container helps: stackctl recover --forget, then stackctl apply --force-recreate');
