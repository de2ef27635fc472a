import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseRevision, presentRevision } from '../../src/apply/revisions.ts';
import { wantedOf } from '../../src/commands/wanted.ts';
import { keyedHash } from '../../src/lib/hash.ts';
import type { RunResult } from '../../src/model/event.ts';
import { createVault } from '../../src/model/vault.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { JournalError, type JournalRecord, type PastRun } from '../../src/platform/journal.ts';
import { journalLine, readJournal } from '../../src/platform/journal-text.ts';
import { desired, service } from '../kit/builders.ts';
import { begun, planned } from '../kit/journals.ts';

const { vaultKey } = begun;
const vault = createVault(vaultKey);
const web = service('web');
const wanted = wantedOf({ desired: desired({ services: [web] }), vault, profiles: ['debug'] }, plainOptions);
const images = { 'nginx:1': { id: 'sha256:aa', digests: [] } };

const run = (number: number, result: RunResult, more: { command?: string; format?: number } = {}): PastRun => ({
  number,
  records: [
    { ...begun, ...more },
    { ...planned, images, ...(more.command !== 'down' && more.format !== 1 && { wanted }) },
    { type: 'finished', result, at: '2026-08-02T10:01:00.000Z' },
  ],
});

describe('the revision to go back to', () => {
  const numberOf = (runs: readonly PastRun[], number?: number): unknown => {
    const chosen = chooseRevision(runs, number);
    return chosen.ok ? chosen.value.number : chosen.error.map(({ message, hint }) => `${message}; ${hint ?? ''}`);
  };

  it.each<[string, readonly PastRun[], number | undefined, unknown]>([
    ['the one before the present', [run(3, 'applied'), run(2, 'applied'), run(1, 'applied')], undefined, 2],
    ['past what failed', [run(4, 'rolled-back'), run(3, 'applied'), run(2, 'interrupted'), run(1, 'applied')], undefined, 1],
    ['one that was not cleaned up', [run(2, 'applied'), run(1, 'not-cleaned-up')], undefined, 1],
    ['the last before a down', [run(3, 'applied', { command: 'down' }), run(2, 'applied'), run(1, 'applied')], undefined, 2],
    [
      'what a heal of a watch brought back is the present still',
      [run(3, 'applied', { command: 'watch' }), run(2, 'applied'), run(1, 'applied')],
      undefined,
      1,
    ],
    [
      'work on volumes left the present as it was',
      [run(3, 'applied', { command: 'volume' }), run(2, 'applied'), run(1, 'applied')],
      undefined,
      1,
    ],
    [
      'work on volumes',
      [run(2, 'applied', { command: 'volume' }), run(1, 'applied')],
      2,
      ['run 2 is nothing to go back to: it worked on volumes, and wanted nothing else of the stack; these can be gone back to: 1'],
    ],
    ['what was not cleaned up is the present, too', [run(2, 'not-cleaned-up'), run(1, 'applied')], undefined, 1],
    ['what was left as it failed is the present', [run(3, 'failed'), run(2, 'applied'), run(1, 'applied')], undefined, 2],
    ['the one asked for', [run(3, 'applied'), run(2, 'applied'), run(1, 'applied')], 1, 1],
    ['the present, to take drift back', [run(3, 'applied')], 3, 3],
    ['none', [run(1, 'applied')], undefined, ['there is no earlier revision to go back to; these can be gone back to: 1']],
    ['none at all', [], undefined, ['there is no earlier revision to go back to; see stackctl history']],
    [
      'one that was rolled back',
      [run(3, 'applied'), run(2, 'rolled-back'), run(1, 'applied')],
      2,
      ['run 2 is nothing to go back to: it was rolled back; these can be gone back to: 3, 1'],
    ],
    [
      'a down',
      [run(2, 'applied', { command: 'down' }), run(1, 'applied')],
      2,
      ['run 2 is nothing to go back to: it took the stack down; these can be gone back to: 1'],
    ],
    [
      'one of the format before',
      [run(2, 'applied'), run(1, 'applied', { format: 1 })],
      1,
      ['run 1 is nothing to go back to: the version of stackctl that did it did not keep what was wanted; these can be gone back to: 2'],
    ],
    [
      'one that cannot be read',
      [run(2, 'applied'), { number: 1, records: new JournalError('damaged') }],
      1,
      ['run 1 is nothing to go back to: it cannot be read; these can be gone back to: 2'],
    ],
    [
      'one that is not there',
      [run(2, 'applied')],
      9,
      ['run 9 is nothing to go back to: there is no such run, or it is not kept any more; these can be gone back to: 2'],
    ],
  ])('%s', (_what, runs, number, expected) => expect(numberOf(runs, number)).toEqual(expected));

  it.each<[RunResult | 'forgotten', string]>([
    ['untouched', 'it touched nothing'],
    ['rolled-back', 'it was rolled back'],
    ['not-fully-rolled-back', 'it was rolled back, and not fully'],
    ['failed', 'it failed, and was left as it stood'],
    ['interrupted', 'it was interrupted'],
    ['abandoned', 'it was abandoned'],
    ['forgotten', 'it was interrupted, and forgotten'],
  ])('is none that ended as %s, and says so', (result, words) => {
    const ended = run(2, result as RunResult);
    const message = `run 2 is nothing to go back to: ${words}`;
    expect(chooseRevision([ended, run(1, 'applied')], 2)).toEqual({
      ok: false,
      error: [{ code: 'no-revision', severity: 'error', message, hint: 'these can be gone back to: 1' }],
    });
    // What it left is the present where it left the stack otherwise than it was
    const changed = ['failed', 'abandoned', 'forgotten'].includes(result);
    expect(numberOf([ended, run(1, 'applied')])).toEqual(changed ? 1 : [expect.stringMatching(/^there is no earlier revision/)]);
  });

  it('is none of a run that is under way, or that nobody can read, and what stands there is not the present', () => {
    const [begin, plan] = run(3, 'applied').records as readonly JournalRecord[];
    const open: PastRun = { number: 3, records: [begin!, plan!] };
    expect(numberOf([open], 3)).toEqual(['run 3 is nothing to go back to: it never finished; see stackctl history']);
    for (const records of [open.records, [], new JournalError('damaged')])
      expect(numberOf([{ number: 3, records }, run(2, 'applied'), run(1, 'applied')])).toBe(1);
  });

  it('is counted from the present: the last run that left the stack otherwise than it was', () => {
    const unread: PastRun = { number: 4, records: new JournalError('damaged') };
    const heal = run(3, 'applied', { command: 'watch' });
    expect(presentRevision([unread, heal, run(2, 'failed'), run(1, 'applied')])).toBe(2);
    expect([presentRevision([]), presentRevision([heal])]).toEqual([undefined, undefined]);
    // A history in which nothing was changed has no present, so nothing is earlier than that
    expect(numberOf([heal])).toEqual([expect.stringMatching(/^there is no earlier revision/)]);
  });

  it('has images as they were when it was planned, where nothing was pulled', () => {
    expect(chooseRevision([run(1, 'applied')], 1)).toMatchObject({ ok: true, value: { images } });
  });

  it('has what was wanted and which images that was, as of the last plan and what came of its pulls', () => {
    const [begin, plan, end] = run(1, 'applied').records as readonly JournalRecord[];
    const pulled: JournalRecord = { type: 'images', images: { 'nginx:1': { id: 'sha256:bb', digests: ['nginx@sha256:00'] } } };
    const chosen = chooseRevision([{ number: 1, records: [begin!, plan!, pulled, end!] }], 1);
    expect(chosen).toMatchObject({ ok: true, value: { wanted, vaultKey: begun.vaultKey, images: pulled.images } });
  });
});

describe('what a journal keeps of what was wanted', () => {
  it('holds neither sensitive values nor the content of files of the host', () => {
    const settings = {
      environment: { DB_PASSWORD: vault.text('DB_PASSWORD', 'hunter22') },
      volumes: [
        { type: 'bind' as const, source: '/srv/site.conf', target: '/etc/site.conf', read_only: true, content: 'listen 80' },
        { type: 'bind' as const, source: '/srv/key', target: '/run/key', read_only: true, content: vault.seal('open sesame') },
      ],
    };
    const build = { context: '/srv', dockerfile: '/srv/Dockerfile', args: { TOKEN: vault.text('TOKEN', 'only to build') } };
    const kept = wantedOf({ desired: desired({ services: [service('web', { settings, build })] }), vault, profiles: [] }, plainOptions);
    expect(JSON.stringify(kept)).not.toMatch(/hunter22|listen 80|open sesame/);
    expect(kept.desired.services['web']).not.toHaveProperty('build');
    expect(kept.contents).toEqual({ '/srv/site.conf': keyedHash(vaultKey, 'listen 80') });
    const [site, secret] = kept.desired.services['web']?.settings.volumes ?? [];
    expect([site, secret?.content]).toEqual([{ ...settings.volumes[0], content: undefined }, settings.volumes[1]!.content]);
    expect(wantedOf({ desired: desired({ services: [web] }), vault, profiles: [] }, plainOptions).contents).toEqual({});
  });
});

describe('journals of other formats', () => {
  it('the one before is read as it was written', () => {
    const read = readJournal(readFileSync(join(import.meta.dirname, '../golden/journal-format-1.txt')));
    expect([read.records.length, read.records[0], read.records.at(-1)]).toMatchObject([18, { format: 1 }, { type: 'finished' }]);
    expect(read).not.toHaveProperty('damage');
  });

  it('a later one is refused', () => {
    const lines = [{ ...begun, format: 3 }, planned].map((record, i) => journalLine(record, i + 1, i));
    expect(readJournal(Buffer.from(lines.join('')))).toMatchObject({ damage: 'it was written by another version of stackctl (format 3)' });
  });
});
