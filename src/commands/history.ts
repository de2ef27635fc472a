import { fileJournal } from '../adapters/file-journal.ts';
import { pastStory } from '../apply/past-run.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { JournalError, type JournalStore, type PastRun } from '../platform/journal.ts';
import { historyText, runJson, runText, type NumberedRun } from '../render/history-text.ts';
import { jsonText } from '../render/json-text.ts';
import type { ExitCode, Invocation } from './command.ts';
import { journalProblem } from './finish.ts';
import { namedStack } from './named-stack.ts';
import { openStack } from './open-stack.ts';
import { refuse, styleOf } from './screen.ts';
import { stateFolder } from './state-folder.ts';

/** Shows what was done to the stack: all kept runs, the newest first, or one in full. Reads only. */
export async function runHistory(invocation: Invocation): Promise<ExitCode> {
  const asked = askedFor(invocation.positionals);
  if (!asked.ok) return refuse(asked.error, invocation);
  const store = await storeOf(invocation);
  if (!store.ok) return refuse(store.error, invocation);
  try {
    const runs = await everyRun(store.value);
    return asked.value === undefined ? showAll(runs, invocation) : showOne(runs, asked.value, invocation);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return refuse([journalProblem(error)], invocation);
  }
}

/** The number of a run; undefined: all of them. */
function askedFor([word, text]: readonly string[]): Result<number | undefined, readonly Problem[]> {
  if (word === undefined) return ok(undefined);
  const number = /^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : undefined;
  if (word === 'show' && number !== undefined) return ok(number);
  const message =
    word === 'show' ? `stackctl history show takes the number of a run, not "${text ?? ''}"` : `stackctl history has no "${word}"`;
  return fail([{ code: 'bad-value', severity: 'error', message, hint: 'stackctl history lists the runs with their numbers' }]);
}

async function storeOf(invocation: Invocation): Promise<Result<JournalStore, readonly Problem[]>> {
  const opened = await openStack(invocation);
  if (!opened.ok) return opened;
  const named = await namedStack(opened.value, invocation);
  return named.ok ? ok(fileJournal(stateFolder(opened.value.choice.settings.stateDir.value, named.value))) : named;
}

/** One that is not over, or was interrupted, has no number yet. */
async function everyRun(store: JournalStore): Promise<NumberedRun[]> {
  const open = await store.unfinished().catch((error: unknown) => {
    if (error instanceof JournalError) return error;
    throw error;
  });
  return [...(open ? [{ number: 0, records: open }] : []), ...(await store.history())].map(asNumbered);
}

function asNumbered({ number, records }: PastRun): NumberedRun {
  if (records instanceof JournalError) return { number, story: { unreadable: records.message } };
  return { number, story: pastStory(records) ?? { unreadable: 'it has no beginning' } };
}

function showAll(runs: readonly NumberedRun[], invocation: Invocation): ExitCode {
  const { io, flags } = invocation;
  if (flags.json) io.stdout.write(`${jsonText({ format_version: '1.0', runs: runs.map((run) => runJson(run, false)) }, 2)}\n`);
  else io.stdout.write(runs.length === 0 ? 'Nothing was done to this stack yet.\n' : historyText(runs, styleOf(invocation, io.stdout)));
  return 0;
}

function showOne(runs: readonly NumberedRun[], number: number, invocation: Invocation): ExitCode {
  const { io, flags } = invocation;
  const run = runs.find((each) => each.number === number);
  if (!run) {
    const hint = 'stackctl history lists the runs that are kept';
    return refuse([{ code: 'unknown-run', severity: 'error', message: `there is no run ${number}`, hint }], invocation);
  }
  if (flags.json) io.stdout.write(`${jsonText({ format_version: '1.0', ...(runJson(run, true) as object) }, 2)}\n`);
  else io.stdout.write(runText(run, styleOf(invocation, io.stdout)));
  return 0;
}
