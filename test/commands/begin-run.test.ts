import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actor } from '../../src/commands/actor.ts';
import { beginRun, resumeRun, roomFor, type Intent } from '../../src/commands/begin-run.ts';
import { stackJournal, type JournalPlace } from '../../src/commands/stack-journal.ts';
import { stackctlVersion } from '../../src/commands/version.ts';
import { JournalError, journalFormat, type RecordOf } from '../../src/platform/journal.ts';
import { image, observed } from '../kit/builders.ts';
import { failingDisk } from '../kit/failing-disk.ts';
import { planned, replacing } from '../kit/journals.ts';
import { memoryNotes, type MemoryNotes } from '../kit/memory-notes.ts';
import { folderWith } from './kit.ts';

const named = { engine: replacing.engine, stack: 'shop' };

interface Here extends JournalPlace {
  readonly notes: MemoryNotes;
}

const here = async (): Promise<Here> => ({ stateDir: await folderWith({}), named, notes: memoryNotes() });

describe('the beginning of a run', () => {
  const before = observed({ images: { 'nginx:1': image('nginx:1') } });
  const intent = (place: Here): Intent => ({
    plan: replacing,
    before,
    store: stackJournal(place),
    command: 'up',
    vaultKey: '00ff',
  });

  it('says who does what to which stack, in which version, and at which commit', async () => {
    const place = await here();
    const commit = { id: 'ab'.repeat(20), dirty: true };
    const { run, journal, resumes } = await beginRun({ ...intent(place), commit });
    await journal.leave();
    expect([run, resumes]).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/), false]);
    const [first, second] = (await stackJournal(place).unfinished()) as [RecordOf<'begun'>, RecordOf<'planned'>];
    expect(first).toEqual({
      type: 'begun',
      format: journalFormat,
      stack: 'shop',
      engine: named.engine,
      command: 'up',
      at: second.at,
      by: actor(),
      stackctl: stackctlVersion(),
      commit,
      vaultKey: '00ff',
    });
    expect(second).toMatchObject({ type: 'planned', run, by: actor(), plan: { stack: 'shop' }, before: { images: {} } });
    expect(second.images).toEqual({ 'nginx:1': { id: image('nginx:1').id, digests: [] } });
    expect([Date.parse(second.at) > Date.parse('2026-01-01'), 'wanted' in second]).toEqual([true, false]);
  });

  it('keeps what is wanted, and no commit where there is none', async () => {
    const place = await here();
    const wanted = { profiles: ['debug'] } as unknown as Intent['wanted'] & {};
    await (await beginRun({ ...intent(place), wanted })).journal.leave();
    const records = (await stackJournal(place).unfinished())!;
    expect(records).toMatchObject([{ type: 'begun' }, { wanted }]);
    expect(records[0]).not.toHaveProperty('commit');
  });

  it('takes more room than its steps and their way back can need', () => {
    const bytes = Buffer.byteLength(JSON.stringify(planned.before.containers));
    expect(roomFor(planned)).toBe(65_536 + planned.plan.steps.length * 4_096 + bytes);
  });

  it('of one that goes on stands behind what was interrupted', async () => {
    const { fs, failAt, tried } = failingDisk();
    const place = { ...(await here()), stateDir: '/state', fs };
    await (await beginRun(intent(place))).journal.leave();
    failAt();
    const { run, journal, resumes } = await resumeRun(intent(place));
    // On disk before anything is done, by one sync: what stood behind the end is cleared and synced, both records are written and synced
    expect([resumes, fs.moment().pending, tried()]).toEqual([true, [], 4]);
    expect(await stackJournal(place).unfinished()).toMatchObject([
      { type: 'begun' },
      { type: 'planned' },
      { type: 'recovering', how: 'resume', by: actor() },
      { type: 'planned', run },
    ]);
    await journal.leave();
  });

  it('is in a folder that can be written to, or nothing is begun', async () => {
    const place = await here();
    const file = join(place.stateDir, 'file');
    await writeFile(file, '');
    await expect(beginRun(intent({ ...place, stateDir: file }))).rejects.toThrow(JournalError);
    expect([await readdir(place.stateDir), place.notes.texts.size]).toEqual([['file'], 0]);
  });
});
