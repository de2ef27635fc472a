import type { Plan } from '../../src/model/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { journalFormat, type Actor, type JournalRecord, type RecordOf } from '../../src/platform/journal.ts';
import { desired, observed, seen, service } from './builders.ts';

export const ann: Actor = { user: 'ann', host: 'build-7', pid: 812 };

export const begun: RecordOf<'begun'> = {
  type: 'begun',
  format: journalFormat,
  stack: 'shop',
  engine: 'ENGINE',
  command: 'apply',
  at: '2026-08-02T10:00:00.000Z',
  by: ann,
  stackctl: '1.0.0',
  vaultKey: '00'.repeat(16),
};

const web = service('web');
const before = observed({ containers: [seen(web, { settings: { user: 'nobody' } })] });
export const replacing: Plan = plan(desired({ services: [web] }), before);

export const planned: RecordOf<'planned'> = {
  type: 'planned',
  run: 'run-1',
  at: '2026-08-02T10:00:00.000Z',
  by: ann,
  plan: replacing,
  before,
  images: {},
};

/** What an apply of that plan writes, each step after the other, with the undo of nobody. */
export const wholeRun: readonly [RecordOf<'begun'>, ...JournalRecord[]] = [
  begun,
  planned,
  ...replacing.steps.flatMap(({ id, action }): JournalRecord[] => [
    { type: 'started', step: id, undo: action },
    { type: 'ended', step: id, outcome: 'done', tookMs: 12 },
  ]),
  { type: 'committed' },
  { type: 'finished', result: 'applied', at: '2026-08-02T10:01:00.000Z' },
];
