import { describe, expect, it } from 'vitest';
import { underLock } from '../../src/commands/under-lock.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { JournalError } from '../../src/platform/journal.ts';
import type { LockHolder } from '../../src/platform/lock.ts';
import { observed } from '../kit/builders.ts';
import { wanted } from '../kit/interrupted-runs.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { opened, type Opened } from '../kit/opened.ts';
import { never } from '../kit/runs.ts';
import { folderWith, invocation } from './kit.ts';

const ann: LockHolder = { pid: 812, user: 'ann', host: 'build-7', since: 'noon', command: 'stackctl apply' };

let count = 0;
const call = () => invocation('apply', { cwd: '/' });

describe('work under the lock', () => {
  const open = async (): Promise<Opened> => opened(wanted, memoryEngine(observed()), await folderWith({}));
  const under = async (here: Opened, work: (isLost: () => boolean) => Promise<number>) => {
    const asked = call();
    const done = await underLock({ opened: here, engine: `under-lock-${process.pid}-${++count}` }, asked, ({ invocation: { abandon } }) =>
      work(() => abandon.aborted),
    );
    return { done, stderr: asked.io.stderr.text() };
  };

  it('is done while it is held, and it is given back', async () => {
    const here = await open();
    const { done, stderr } = await under(here, async () => (here.lock.heldBy ? 7 : 0));
    expect([done, stderr, here.lock.asked]).toEqual([{ ok: true, value: 7 }, '', ['acquire shop', 'release shop']]);
    expect(here.deadlines).toEqual(['start 60000', 'end']);
  });

  it('is not done while somebody else has it', async () => {
    const here = await open();
    here.lock.heldBy = ann;
    expect(await under(here, async () => 7)).toMatchObject({ done: { ok: false, error: [{ code: 'locked' }] } });
  });

  it('is not done where the engine does not answer', async () => {
    const here = await open();
    Object.assign(here.lock, { acquire: () => Promise.reject(new EngineError('timeout', 'No answer')) });
    expect(await under(here, async () => 7)).toMatchObject({
      done: { ok: false, error: [{ code: 'engine-timeout', message: 'No answer' }] },
    });
  });

  it('is told at once when the lock is lost, and so is the person', async () => {
    const here = await open();
    const { done, stderr } = await under(here, async (isLost) => {
      expect(isLost()).toBe(false);
      await (await here.lock.standing('shop', never))?.takeAway();
      return isLost() ? 4 : 0;
    });
    expect(done).toEqual({ ok: true, value: 4 });
    expect(stderr).toBe(
      'error: the lock of this stack on the engine has gone: somebody took it away (stackctl unlock), or the engine ended\n' +
        '  hint: from then on nothing was changed any more; stackctl recover says what is left\n',
    );
  });

  it('that has no journal is a problem, any other fault is thrown; the lock is given back', async () => {
    const here = await open();
    expect((await under(here, () => Promise.reject(new JournalError('disk is full')))).done).toMatchObject({
      ok: false,
      error: [{ code: 'journal', message: 'disk is full' }],
    });
    await expect(under(here, () => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
    expect(here.lock.asked.filter((each) => each === 'release shop')).toHaveLength(2);
  });

  it('that is done is done, though the engine does not take the lock back', async () => {
    const here = await open();
    const acquire = here.lock.acquire.bind(here.lock);
    let fault: Error = new EngineError('unreachable', 'No engine is running there');
    Object.assign(here.lock, {
      acquire: async (...args: Parameters<typeof acquire>) => {
        const answer = await acquire(...args);
        return 'lock' in answer
          ? { lock: { ...answer.lock, release: () => ((here.lock.heldBy = undefined), Promise.reject(fault)) } }
          : answer;
      },
    });
    const warning = 'warning: the lock on the engine could not be released: No engine is running there\n';
    expect(await under(here, async () => 7)).toEqual({ done: { ok: true, value: 7 }, stderr: warning });
    const { stderr } = await under(here, async () => {
      await (await here.lock.standing('shop', never))?.takeAway();
      return 4;
    });
    expect(stderr).not.toContain('warning');
    fault = new TypeError('bug');
    await expect(under(here, async () => 7)).rejects.toThrow('bug');
  });
});
