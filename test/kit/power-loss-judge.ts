import { interruptedRun } from '../../src/apply/interrupted.ts';
import { stackJournal } from '../../src/commands/stack-journal.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { JournalRecord } from '../../src/platform/journal.ts';
import type { Image } from './crash-disk.ts';
import { crashFs } from './crash-fs.ts';
import { begun } from './journals.ts';
import { afterPowerCut } from './power-cuts.ts';
import { lived, mendedAfter, noNotes, placeOn, type Mended, type Moment } from './power-loss.ts';
import { shortBefore } from './short-plans.ts';
import { standing } from './standing.ts';

export interface Judged {
  /** States of the disk that were looked at, one power cut each. */
  states: number;
  /** Recoveries that were run: those from the same records of the same moment are one. */
  recoveries: number;
  readonly wrong: string[];
}

interface Judging {
  readonly plan: Plan;
  /** At how many places a write is torn at most. */
  readonly mostCuts: number;
  /** How often the power goes again while somebody recovers; a write is torn in the middle then. */
  readonly again: number;
}

/** Cuts the power at every moment of an apply, in every way, and holds against the law what is left and what a recovery makes of it. */
export async function judgePowerCuts({ plan, mostCuts, again }: Judging): Promise<Judged> {
  const { moments, engine, result } = await lived({ plan, before: shortBefore });
  const ends = { old: text(standing(shortBefore)), new: text(standing(engine.now())) };
  const judged: Judged = { states: 0, recoveries: 0, wrong: [] };
  const name = `${plan.steps.map(({ id }) => id).join(', ')} (${result})`;
  await judgeMoments(moments, { plan, mostCuts, again, ends, judged, name });
  return judged;
}

interface Court extends Judging {
  readonly ends: { readonly old: string; readonly new: string };
  readonly judged: Judged;
  readonly name: string;
}

/** Of the moments after which somebody recovers whose power goes, too. */
const everySoManieth = 5;

async function judgeMoments(moments: readonly Moment[], court: Court): Promise<void> {
  for (const [at, moment] of moments.entries()) {
    const known = new Map<string, Mended>();
    for (const image of afterPowerCut(moment.disk, court.mostCuts)) {
      court.judged.states += 1;
      const wrong = await wrongWith(image, { moment, known, court }).catch((error: unknown) => `it throws ${String(error)}`);
      if (wrong !== undefined) court.judged.wrong.push(`${court.name}, moment ${at} of ${moments.length}: ${wrong}`);
    }
    if (court.again === 0 || at % everySoManieth !== 0) continue;
    for (const mended of known.values()) await judgeMoments(mended.moments, { ...court, again: court.again - 1, mostCuts: 1 });
  }
}

interface Cut {
  readonly moment: Moment;
  /** By what was read of the journal: the recoveries that were run already. */
  readonly known: Map<string, Mended>;
  readonly court: Court;
}

async function wrongWith(image: Image, { moment, known, court }: Cut): Promise<string | undefined> {
  const records = await unfinished(image);
  const key = records === undefined ? 'nothing' : String(records.length);
  const first = known.get(key);
  if (first) return records && (await wrongTail(image, records));
  const mended = await mendedAfter(moment, image, { before: shortBefore });
  known.set(key, mended);
  court.judged.recoveries += 1;
  return wrongEnd(mended, court);
}

function wrongEnd({ engine, records, isOver }: Mended, { ends }: Court): string | undefined {
  const now = text(standing(engine.now()));
  if (!isOver) return 'the recovery has not ended it';
  if (records === undefined)
    return now === ends.old || now === ends.new ? undefined : `nothing is to be recovered, and it is neither old nor new: ${now}`;
  const end = interruptedRun(records).committed ? 'new' : 'old';
  return now === ends[end] ? undefined : `it is not the ${end} world: ${now}\nbut should be ${ends[end]}`;
}

/** What a power cut tore off must not come back once somebody writes behind it. */
async function wrongTail(image: Image, records: readonly JournalRecord[]): Promise<string | undefined> {
  const fs = crashFs(image);
  const more: JournalRecord = { type: 'recovering', how: 'back', at: begun.at, by: begun.by };
  const { journal } = await stackJournal(placeOn(fs, noNotes)).reopen();
  await journal.append(more, true);
  await journal.leave();
  const read = await unfinished(fs.moment().lasting);
  return text(read) === text([...records, more]) ? undefined : 'what was torn off has come back, or what was written behind it is lost';
}

const unfinished = (image: Image): Promise<readonly JournalRecord[] | undefined> =>
  stackJournal(placeOn(crashFs(image), noNotes)).unfinished();

const text = (value: unknown): string => JSON.stringify(value);
