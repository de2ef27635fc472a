import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { runNote } from '../../src/apply/assumed.ts';
import { interruptedRun } from '../../src/apply/interrupted.ts';
import { journalEntry, standingOf } from '../../src/apply/journal-records.ts';
import { leftBy } from '../../src/apply/left-by.ts';
import { pastStory } from '../../src/apply/past-run.ts';
import { commands } from '../../src/commands/command-list.ts';
import { wantedOf } from '../../src/commands/wanted.ts';
import type { ApplyEvent } from '../../src/model/event.ts';
import type { Observed } from '../../src/model/observed.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { journalFormat, type JournalRecord } from '../../src/platform/journal.ts';
import { runJson, runText } from '../../src/render/history-text.ts';
import { planJson } from '../../src/render/plan-json.ts';
import { planText } from '../../src/render/plan-text.ts';
import { resultText } from '../../src/render/result-text.ts';
import { plainStyle } from '../../src/render/style.ts';
import type { Stack } from '../../src/spec/read-stack.ts';
import { observed } from '../kit/builders.ts';
import { canary, canaryEnvironment, canaryFiles, canaryStack, encodings, leaks, places } from '../kit/canaries.ts';
import { ann } from '../kit/journals.ts';
import { memoryEngine, type MemoryEngine } from '../kit/memory-engine.ts';
import { contextOn } from '../kit/runs.ts';
import { scenes } from '../e2e/main-job/canary-scenes.ts';
import { folderWith } from '../spec/stack-folder.ts';

const style = plainStyle;
const vaultKey = '00'.repeat(16);

async function read(version: string): Promise<Stack> {
  const folder = folderWith({ 'compose.yaml': canaryStack(version, { image: 'shop-web:1', healthy: true }), ...canaryFiles(version) });
  const result = await folder.read({ environment: canaryEnvironment(version), vaultKey });
  if (!result.ok) expect.fail(JSON.stringify(result.error));
  return result.value;
}

/** All that a run tells and keeps of itself, by what it is. */
async function lived(version: string, engine: MemoryEngine, before: Observed): Promise<Map<string, string>> {
  const stack = await read(version);
  const { desired, vault } = stack;
  const made = plan(desired, before);
  const wanted = wantedOf({ desired, vault, profiles: [] }, plainOptions);
  const records: JournalRecord[] = [
    {
      type: 'begun',
      format: journalFormat,
      stack: 'shop',
      engine: made.engine,
      command: 'apply',
      at: 'now',
      by: ann,
      stackctl: '1',
      vaultKey,
    },
    { type: 'planned', run: 'run-1', at: 'now', by: ann, plan: made, before: standingOf(before), images: {}, wanted },
  ];
  const events: ApplyEvent[] = [];
  const emit = async (event: ApplyEvent): Promise<void> => {
    events.push(event);
    const entry = journalEntry(event, () => 'now');
    if (entry) records.push(entry.record);
  };
  const result = await apply(made, contextOn(engine, before, { emit }));
  const story = pastStory(records)!;
  const told: readonly (readonly [string, string])[] = [
    ['the plan', planText(made, { style, verbose: true })],
    ['the plan as JSON', JSON.stringify(planJson(made))],
    ['the saved plan', JSON.stringify({ plan: made, wanted })],
    ['the events', JSON.stringify(events)],
    ['the result', resultText(result, events, { style })],
    ['the journal', JSON.stringify(records)],
    ['the note on the engine', JSON.stringify(runNote(records))],
    ['what is left', JSON.stringify(leftBy(interruptedRun(records)))],
    ['the history', runText({ number: 1, story }, style)],
    ['the history as JSON', JSON.stringify(runJson({ number: 1, story }, true))],
    ['the machine', JSON.stringify(engine.now())],
  ];
  return new Map(told.map(([what, text]) => [`${what} of version ${version} (${result})`, text]));
}

describe('a sensitive value', () => {
  it('is known in every encoding', () => {
    const word = canary('env');
    const base64 = [1, 2, 3, 4].map((pad) => Buffer.from(`${'p'.repeat(pad)}${word}tail`).toString('base64'));
    const hidden = [
      word,
      encodeURIComponent(word),
      `q=${new URLSearchParams({ word }).toString()}`,
      JSON.stringify({ word }),
      JSON.stringify(JSON.stringify(word)),
      ...base64,
    ];
    for (const text of hidden) expect(leaks(new Map([['here', text]])), text).toContain('env in here');
    expect(leaks(new Map([['here', '(sensitive)']]))).toEqual([]);
    expect(new Set(places.flatMap((place) => encodings(canary(place)))).size).toBeGreaterThan(places.length * 5);
  });

  it('is looked for in what each command says, as text and as data', () => {
    const ran = scenes.flatMap(({ runs, watches = [] }) => [...runs.map(([words]) => words), ...watches]);
    const isRun = (name: string, asData: boolean): boolean =>
      ran.some((words) => words.split(' ')[0] === name && words.includes('--json') === asData);
    const notRun = commands.filter(({ name }) => !isRun(name, false) || !isRun(name, true));
    expect(notRun.map(({ name }) => name)).toEqual([]);
  });

  it('of any of twelve places is in nothing that a run tells or keeps, whether it ends well or not', async () => {
    const empty = observed({ networks: [] });
    const engine = memoryEngine(empty);
    const told = await lived('1', engine, empty);
    for (const [what, text] of await lived('2', engine, engine.now())) told.set(what, text);
    const failing = memoryEngine(engine.now(), { behaves: () => ({ health: 'unhealthy', log: ['it fails'] }) });
    for (const [what, text] of await lived('3', failing, failing.now())) told.set(what, text);
    expect([...told.keys()].filter((what) => /^the result/.test(what))).toEqual([
      'the result of version 1 (applied)',
      'the result of version 2 (applied)',
      'the result of version 3 (rolled-back)',
    ]);
    expect(leaks(told)).toEqual([]);
  });
});
