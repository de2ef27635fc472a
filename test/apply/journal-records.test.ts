import { expect, it } from 'vitest';
import { journalEntry, knownImages, standingOf } from '../../src/apply/journal-records.ts';
import type { ApplyEvent, StepOutcome } from '../../src/model/event.ts';
import { image, observed, seen, service, state } from '../kit/builders.ts';
import { replacing } from '../kit/journals.ts';

const [step] = replacing.steps as [(typeof replacing.steps)[number]];
const now = (): string => '2026-08-02T10:00:00.000Z';
const ended = (outcome: StepOutcome): ApplyEvent => ({ type: 'step-ended', step, outcome, tookMs: 7 });
const end = { type: 'ended', step: step.id, tookMs: 7 };

it.each<readonly [string, ApplyEvent, unknown]>([
  [
    'a step that can be taken back, before it runs',
    { type: 'step-started', step, undo: step.action },
    { record: { type: 'started', step: step.id, undo: step.action }, sync: true },
  ],
  [
    'a step that cannot, before it runs',
    { type: 'step-started', step, undo: { lost: 'its memory' } },
    { record: { type: 'started', step: step.id, undo: { lost: 'its memory' } }, sync: true },
  ],
  [
    'a step that changes nothing, without waiting for the disk',
    { type: 'step-started', step, undo: 'not-needed' },
    { record: { type: 'started', step: step.id, undo: 'not-needed' }, sync: false },
  ],
  ['how a step ended', ended({ status: 'done' }), { record: { ...end, outcome: 'done' }, sync: false }],
  [
    'what it warned of',
    ended({ status: 'done', warning: 'no limit of swap' }),
    { record: { ...end, outcome: 'done', why: 'no limit of swap' }, sync: false },
  ],
  [
    'why it failed, no longer than a line',
    ended({ status: 'failed', why: 'x'.repeat(501) }),
    { record: { ...end, outcome: 'failed', why: 'x'.repeat(500) }, sync: false },
  ],
  ['that there is no way back any more', { type: 'committed' }, { record: { type: 'committed' }, sync: true }],
  [
    'that it is on its way back',
    { type: 'rollback-started', because: 'it was interrupted', steps: 3 },
    { record: { type: 'walking-back', because: 'it was interrupted' }, sync: true },
  ],
  [
    'what the way back has left',
    { type: 'rollback-ended', verified: false, left: ['network x is gone'], lost: [] },
    { record: { type: 'walked-back', verified: false, left: ['network x is gone'] }, sync: true },
  ],
  ['the end', { type: 'run-ended', result: 'applied' }, { record: { type: 'finished', result: 'applied', at: now() }, sync: true }],
  ['nothing of the beginning, which it has', { type: 'run-started', run: 'r', steps: 1, timeoutMs: 1, rollbackTimeoutMs: 1 }, undefined],
  ['nothing of progress', { type: 'step-progressed', step, note: '3 of 7' }, undefined],
])('a journal keeps %s', (_what, event, entry) => {
  expect(journalEntry(event, now)).toEqual(entry);
});

it('keeps of how a stack stood what a way back needs: neither the output of programs nor who listens', () => {
  const probe = { exitCode: 1, output: 'password: hunter22' };
  const web = seen(service('web'), { state: state('exited', { error: 'hunter22 is wrong', lastProbe: probe, exitCode: 3 }) });
  const before = observed({
    containers: [web],
    others: [{ id: 'x', name: 'x', running: true, ports: [] }],
    listeners: [{ pid: 7 }] as never,
  });
  const { error: _error, lastProbe: _probe, ...kept } = web.state;
  expect(standingOf(before)).toEqual({
    ...before,
    images: {},
    others: {},
    listeners: [],
    containers: { 'shop-web-1': { ...web, state: { ...kept, error: '' } } },
  });
});

it('keeps what references mean; an id means itself', () => {
  const nginx = { ...image('nginx:1'), digests: ['nginx@sha256:00'] };
  expect(knownImages({ 'nginx:1': nginx, [nginx.id]: nginx })).toEqual({ 'nginx:1': { id: nginx.id, digests: nginx.digests } });
});
