import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { campaign, depth, type Case } from './campaign.ts';
import { begin, changesOf, createRing, interleaved, type Contender, type Heard, type Ring } from './contenders.ts';
import { judge, saidBy } from './judge.ts';
import { lookAt } from './oracle.ts';
import { run, sideOf, toReplace, type Goal, type Ran } from './stage.ts';

const limits = { withinMs: 60_000 };
const sizes = [2, 2, 3, 2, 2, 4, 2, 2, 3, 2, 2, 5, 2, 2, 10];

const applies = ['apply --yes', 'apply --yes --lock-timeout 60s'];

/** All at once; each of them has applied it, found it applied, or was told who is at it. */
const contended = (round: number): Case<Ring> => ({
  name: `round ${round}, ${sizes[round % sizes.length]} applies at once.`,
  async run(ring) {
    const goal = await toReplace(ring);
    ring.heard.splice(0);
    const all = ring.contenders.slice(0, sizes[round % sizes.length]);
    const ends = await Promise.all(all.map((contender, i) => begin(ring, applies[(i + round) % 3 === 0 ? 1 : 0]!, contender).ran));
    const strange = ends.flatMap((ran, i) =>
      ran.exitCode === 0 || ran.exitCode === 5 ? [] : [`${all[i]!.name} ended with ${String(ran.exitCode)}`, ...saidBy(ran)],
    );
    const winner = ends.find(({ exitCode }) => exitCode === 0);
    if (!winner) return { cases: 1, violations: ['nobody applied it', ...strange, ...ends.flatMap(saidBy)] };
    return { cases: 1, violations: [...strange, ...interleaved(ring.heard), ...(await judge(ring, goal, winner, limits))] };
  },
});

/** The holder stands still, the lock is taken from it, what it had begun is taken back: then it goes on. */
const fenced = (change: number): Case<Ring> => ({
  name: `the holder stands still at its change ${change}, and goes on when another has taken over.`,
  async run(ring) {
    const goal = await toReplace(ring);
    ring.heard.splice(0);
    const holder = ring.contenders[1]!;
    const stopped = await stoppedAt(ring, holder, change);
    if ('exitCode' in stopped) return { cases: 0, violations: await judge(ring, goal, stopped, limits) };
    const before = await takeOver(ring, goal);
    const already = ring.heard.length;
    stopped.run.signal('SIGCONT');
    const ran = await stopped.run.ran;
    const later = changesOf(ring.heard).filter((each) => ring.heard.indexOf(each) >= already && each.who === holder.name);
    await rm(`${ring.rig.project.folder}/.state-of-1`, { recursive: true, force: true });
    const late = later.map(({ call }) => `the holder that had lost its lock asked for ${call.method} ${call.path}`);
    // All was up, and the recovery has cleaned up after it: then that is where the holder has led to as well
    const isUp = ran.exitCode === 0 && before.wentOn;
    const ended = ran.exitCode === 4 || isUp ? [] : [`the holder ended with ${String(ran.exitCode)}`, ...saidBy(ran)];
    const asRecovered = { ...ran, exitCode: before.wentOn ? 0 : 1, tookMs: 0 };
    return { cases: 1, violations: [...before.violations, ...late, ...ended, ...(await judge(ring, goal, asRecovered, limits))] };
  },
});

/** Stands still at that change of the stack; or the run's end, when it made fewer. */
async function stoppedAt(ring: Ring, holder: Contender, change: number): Promise<{ readonly run: ReturnType<typeof begin> } | Ran> {
  let reached = (): void => undefined;
  const isReached = new Promise<'reached'>((resolve) => (reached = () => resolve('reached')));
  const started = begin(ring, 'apply --yes', holder);
  let isStopped = false;
  const end = holder.proxy.before({}, () => {
    if (isStopped || changesOf(own(ring.heard, holder)).length < change) return;
    isStopped = true;
    started.signal('SIGSTOP');
    reached();
  });
  const first = await Promise.race([isReached, started.ran]);
  end();
  return first === 'reached' ? { run: started } : first;
}

const own = (heard: readonly Heard[], { name }: Contender): Heard[] => heard.filter(({ who }) => who === name);

interface TakenOver {
  readonly violations: readonly string[];
  /** All gates had passed, or all was over: so that it went on instead of back. */
  readonly wentOn: boolean;
}

async function takeOver(ring: Ring, goal: Goal): Promise<TakenOver> {
  const unlocked = await run(ring, 'unlock --yes');
  const recovered = await run(ring, 'recover --yes --lock-timeout 15s');
  const violations = [unlocked, recovered].flatMap((ran) =>
    ran.exitCode === 0 ? [] : [`taking over ended with ${String(ran.exitCode)}`, ...saidBy(ran)],
  );
  return { violations, wentOn: sideOf(ring, goal, await lookAt(ring.rig)) === 'after' };
}

const many = (count: number): number[] => Array.from({ length: count * depth }, (_, i) => i);

test('applies of one stack at once', async () => {
  const what = 'two to ten applies at once, every other one on a second host';
  const cases = many(174).map(contended);
  await campaign({ row: 'F13', what, on: 'a real engine', lanes: 2, stage: () => createRing(10), cases });
});

test('a holder that stands still', async () => {
  const what = 'the holder is stopped in its middle, its lock taken, its run taken back; then it goes on';
  const cases = many(30).map((i) => fenced(2 + (i % 8)));
  await campaign({ row: 'F13', what, on: 'a real engine', lanes: 2, stage: () => createRing(2), cases });
});

test('what the order of changes is held against', () => {
  const heard = (...words: string[]): Heard[] =>
    words.map((word) => ({
      who: word[0]!,
      call: { method: word[1] === 'G' ? 'GET' : 'POST', path: `/containers/${word.slice(2)}`, refused: false },
    }));
  const lock = `${'a'.repeat(64)}/attach`;
  expect(interleaved(heard('1Pa', '2Gx', '1Pb', '2Pc'))).toEqual([]);
  expect(interleaved(heard('1Pa', '2Pc', '1Pb'))).toHaveLength(1);
  expect(interleaved(heard(`1P${lock}`, '2Pa', `1P${lock}`))).toEqual([]);
});
