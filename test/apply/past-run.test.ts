import { describe, expect, it } from 'vitest';
import { knownAs, pastStory } from '../../src/apply/past-run.ts';
import type { JournalRecord } from '../../src/platform/journal.ts';
import { ann, begun, planned, replacing, wholeRun } from '../kit/journals.ts';

const stop = 'container.stop shop-web-1';
const start = { kind: 'container.start', args: { name: 'shop-web-1' } };
const back: readonly JournalRecord[] = [
  begun,
  planned,
  { type: 'started', step: stop, undo: start },
  { type: 'ended', step: stop, outcome: 'failed', tookMs: 12, why: 'it did not answer' },
  { type: 'recovering', how: 'back', at: begun.at, by: ann },
  { type: 'walking-back', because: 'it was interrupted' },
  { type: 'started', step: `undo ${stop}`, undo: 'not-needed' },
  { type: 'ended', step: `undo ${stop}`, outcome: 'done', tookMs: 3 },
  { type: 'started', step: 'again container.start shop-db-1', undo: { lost: 'x' } },
  { type: 'walked-back', verified: false, left: ['container shop-db-1 is gone'] },
  { type: 'finished', result: 'not-fully-rolled-back', at: '2026-08-02T10:01:00.000Z' },
];

describe('the story of a run of the past', () => {
  it('says who began it, what was planned, and how each step went', () => {
    const story = pastStory(wholeRun)!;
    expect(story).toMatchObject({ begun, planned: [planned], finished: { result: 'applied' }, recoveries: [], left: [] });
    expect(story).not.toHaveProperty('because');
    expect(story.steps).toHaveLength(replacing.steps.length);
    expect(story.steps[0]!.ended).not.toHaveProperty('why');
    expect(story.steps[0]).toEqual({
      id: replacing.steps[0]!.id,
      label: 'update restart of container shop-web-1',
      isBack: false,
      ended: { outcome: 'done', tookMs: 12 },
    });
  });

  it('says why and how it went back, and what of that nobody knows the end of', () => {
    const story = pastStory(back)!;
    expect(story).toMatchObject({
      because: 'it was interrupted',
      left: ['container shop-db-1 is gone'],
      recoveries: [{ how: 'back', by: ann }],
      finished: { result: 'not-fully-rolled-back' },
    });
    expect(story.steps).toEqual([
      {
        id: stop,
        label: 'stop container shop-web-1',
        isBack: false,
        ended: { outcome: 'failed', tookMs: 12, why: 'it did not answer' },
      },
      { id: `undo ${stop}`, label: 'start container shop-web-1', isBack: true, ended: { outcome: 'done', tookMs: 3 } },
      { id: 'again container.start shop-db-1', label: 'again container.start shop-db-1', isBack: true },
    ]);
  });

  it('tells the last word where it was gone on with: each attempt has its own steps', () => {
    const again: readonly JournalRecord[] = [
      ...back,
      { ...planned, run: 'run-2' },
      { type: 'started', step: stop, undo: start },
      { type: 'walking-back', because: 'it took too long' },
      { type: 'walked-back', verified: true, left: [] },
      { type: 'finished', result: 'rolled-back', at: begun.at },
    ];
    const story = pastStory(again)!;
    expect(story).toMatchObject({ because: 'it took too long', left: [], finished: { result: 'rolled-back' }, planned: { length: 2 } });
    expect(story.steps.map(({ id, ended }) => [id, ended?.outcome])).toEqual([
      [stop, 'failed'],
      [`undo ${stop}`, 'done'],
      ['again container.start shop-db-1', undefined],
      [stop, undefined],
    ]);
  });

  it('is none without a beginning, and has no end while it is under way', () => {
    expect(pastStory([planned])).toBeUndefined();
    expect(pastStory([begun, planned])).not.toHaveProperty('finished');
  });

  it('says of what was made from which image it was, as far as that was written down', () => {
    const known = { id: 'sha256:aa', digests: ['nginx@sha256:00'] };
    const pulled = { ...known, id: 'sha256:bb' };
    const told = (...more: JournalRecord[]) => pastStory([begun, { ...planned, images: { 'nginx:1': known } }, ...more])!.images;
    expect(told()).toEqual([{ container: 'shop-web-1', reference: 'nginx:1', ...known }]);
    expect(told({ type: 'images', images: { 'nginx:1': pulled } })).toEqual([{ container: 'shop-web-1', reference: 'nginx:1', ...pulled }]);
    expect(told({ ...planned, images: {} })).toHaveLength(1);
    expect(pastStory(wholeRun)!.images).toEqual([]);
  });
});

it('an image that was asked for by its id is that one', () => {
  expect(knownAs('sha256:cc', [{ 'sha256:cc': { id: 'another', digests: ['x'] } }])).toEqual({ id: 'sha256:cc', digests: [] });
  expect([knownAs('nginx:1', []), knownAs('constructor', [{}])]).toEqual([undefined, undefined]);
});
