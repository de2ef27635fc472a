import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileLeftRecord } from '../../src/adapters/file-left-record.ts';
import { noteLeft } from '../../src/commands/note-left.ts';
import type { ServiceSpec } from '../../src/model/desired.ts';
import type { RunResult } from '../../src/model/event.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import { createVault } from '../../src/model/vault.ts';
import { withEditedLeft } from '../../src/observe.ts';
import { plan } from '../../src/plan/plan.ts';
import { planDown } from '../../src/plan/plan-down.ts';
import { desired, observed, seen, service } from '../kit/builders.ts';
import { runPlan } from '../kit/runs.ts';
import { folderWith } from './kit.ts';

const [db, web] = [service('db'), service('web')];
const wanted = desired({ services: [db, web] });
const stack = { desired: wanted, vault: createVault('00'.repeat(16)) };
const both = [
  { service: 'db', number: 1 },
  { service: 'web', number: 1 },
];

/** What a folder remembers after these plans were applied, each to what the machine was when the one before it had ended. */
async function remembered(folder: string, made: Plan, before: Observed, result: RunResult = 'applied') {
  const ran = await runPlan(made, before);
  expect(ran.result).toBe('applied');
  await noteLeft(folder, {
    stack,
    before,
    events: [...ran.events.filter(({ type }) => type !== 'run-ended'), { type: 'run-ended', result }],
  });
  return fileLeftRecord(folder).read();
}

it('remembers what an apply has made and what it has left alone', async () => {
  const folder = await folderWith({});
  const before = observed({ containers: [seen(db)] });
  expect(await remembered(folder, plan(wanted, before), before)).toMatchObject(both);
});

it('remembers as what it was applied, so that a change of the file since can be told', async () => {
  const folder = await folderWith({});
  const before = observed({ containers: [seen(db)] });
  const left = await remembered(folder, plan(wanted, before), before);
  const edited = (service: ServiceSpec): unknown =>
    left.map((each) => withEditedLeft(each, desired({ services: [service] }), stack.vault).edited);
  // db was there already, and nothing said what it was made of
  expect(edited(web)).toEqual([undefined, []]);
  expect(edited(service('web', { settings: { restart: 'no' } }))).toEqual([undefined, ['restart']]);
});

it('remembers nothing after down', async () => {
  const folder = await folderWith({});
  const before = observed({ containers: [seen(db), seen(web)] });
  await noteLeft(folder, { stack, before });
  expect(await fileLeftRecord(folder).read()).toEqual(both);
  expect(await remembered(folder, planDown(wanted, before), before)).toEqual([]);
});

it('keeps what it knew when a run did not get where it wanted', async () => {
  const folder = await folderWith({});
  await noteLeft(folder, { stack, before: observed({ containers: [seen(db)] }) });
  const before = observed();
  expect(await remembered(folder, plan(wanted, before), before, 'rolled-back')).toEqual([{ service: 'db', number: 1 }]);
});

it('knows nothing where there is no record, or a damaged one', async () => {
  const folder = await folderWith({});
  expect(await fileLeftRecord(folder).read()).toEqual([]);
  await writeFile(join(folder, 'left.json'), '[{"service": 1}, null');
  expect(await fileLeftRecord(folder).read()).toEqual([]);
  await writeFile(join(folder, 'left.json'), '[{"service": 1}, null, {"service": "web", "number": 1}]');
  expect(await fileLeftRecord(folder).read()).toEqual([{ service: 'web', number: 1 }]);
});
