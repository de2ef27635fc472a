import { assumedJournal, imagesOfNote } from '../apply/assumed.ts';
import { anySignal } from '../lib/any-signal.ts';
import { names } from '../lib/record.ts';
import type { Engine } from '../platform/engine.ts';
import type { JournalRecord, RecordOf } from '../platform/journal.ts';
import { actorText } from './actor.ts';
import { roomFor } from './begin-run.ts';
import type { ExitCode, Invocation } from './command.ts';
import type { OpenStack } from './open-stack.ts';
import { notedRun, stackJournal, type JournalPlace } from './stack-journal.ts';
import { refuseGoneOn, withConsent } from './with-consent.ts';

const lookMs = 60_000;

/**
 * Makes the journal of a run that another machine began and never finished, from what the engine keeps of it and shows now. 0: it is
 * this machine's to recover.
 */
export async function takeOver(opened: OpenStack, place: JournalPlace, invocation: Invocation): Promise<ExitCode> {
  const signal = anySignal([invocation.cancel, AbortSignal.timeout(lookMs)]);
  const at = { stack: place.named.stack, notes: place.notes };
  const note = await notedRun(at, signal);
  if (!note) return 0;
  const { begun, planned } = beginningOf(note);
  const question = `${actorText(begun.by)} began ${begun.command} at ${begun.at}, and its journal is not here. Go on from what the engine shows?`;
  return withConsent({ question, opened, engine: place.named.engine }, invocation, async () => {
    const under = anySignal([invocation.cancel, AbortSignal.timeout(lookMs)]); // the question may have waited for long
    const still = await notedRun(at, under);
    if (JSON.stringify(still) !== JSON.stringify(note)) return refuseGoneOn(invocation);
    const records = assumedJournal(note, await look(note, planned, { engine: opened.setup.platform.engine, signal: under }));
    const journal = await stackJournal(place).begin([begun, ...records.slice(1)], roomFor(planned));
    await journal.leave();
    return 0;
  });
}

function beginningOf([begun, planned]: readonly JournalRecord[]): {
  readonly begun: RecordOf<'begun'>;
  readonly planned: RecordOf<'planned'>;
} {
  if (begun?.type !== 'begun' || planned?.type !== 'planned') throw new Error('A note begins with who began the run and what was planned');
  return { begun, planned };
}

/** What stood there before, and what the run may have made of it. */
const look = (
  note: readonly JournalRecord[],
  { plan, before }: RecordOf<'planned'>,
  { engine, signal }: { readonly engine: Engine; readonly signal: AbortSignal },
) =>
  engine.look({ stack: plan.stack, images: imagesOfNote(note), networks: names(before.networks), volumes: names(before.volumes) }, signal);
