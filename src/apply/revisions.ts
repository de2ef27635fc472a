import { imagesOf } from '../model/images-of.ts';
import type { Problem } from '../model/problem.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { fromEntries, type ByName } from '../lib/record.ts';
import { JournalError, type KnownImage, type PastRun, type RecordOf, type Wanted } from '../platform/journal.ts';
import { knownAs, pastStory } from './past-run.ts';

/** A run that was applied, and that can be gone back to. */
export interface Revision {
  readonly number: number;
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly wanted: Wanted;
  /** Of the seals in what was wanted. */
  readonly vaultKey: string;
  /** What each image of its services was, by how the engine was asked for it; absent where nobody wrote it down. */
  readonly images: ByName<KnownImage>;
}

/** The revision of that number; without one, the last that was applied before the present one. The Problem says which there are. */
export function chooseRevision(runs: readonly PastRun[], number?: number): Result<Revision, readonly Problem[]> {
  const stands = runs.map(standingOf);
  const there = stands.flatMap(({ revision }) => revision ?? []);
  const found = number === undefined ? beforePresent(stands) : stands.find((each) => each.number === number);
  if (found?.revision) return ok(found.revision);
  const message =
    number === undefined
      ? 'there is no earlier revision to go back to'
      : `run ${number} is nothing to go back to: ${found?.whyNot ?? 'there is no such run, or it is not kept any more'}`;
  const hint = there.length > 0 ? `these can be gone back to: ${there.map((each) => each.number).join(', ')}` : 'see stackctl history';
  return fail([{ code: 'no-revision', severity: 'error', message, hint }]);
}

/** The number of the run that the stack stands as now, as far as the history knows. */
export const presentRevision = (runs: readonly PastRun[]): number | undefined =>
  runs.map(standingOf).find(({ changed }) => changed)?.number;

interface Stands {
  readonly number: number;
  /** Whether it left the stack otherwise than it was. */
  readonly changed: boolean;
  readonly revision?: Revision;
  readonly whyNot?: string;
}

/** What stands now is what the last run left that was not taken back. After a `down` the present one is nothing, so the one before it is the last that was applied. */
function beforePresent(stands: readonly Stands[]): Stands | undefined {
  const present = stands.findIndex(({ changed }) => changed);
  return present < 0 ? undefined : stands.slice(present + 1).find(({ revision }) => revision);
}

type Finished = RecordOf<'finished'>['result'];

/** It left the stack as it was to be. */
type Reached = 'applied' | 'not-cleaned-up';

const isReached = (result: Finished): result is Reached => result === 'applied' || result === 'not-cleaned-up';

/** Why it is nothing to go back to. */
const resultWords: { readonly [result in Exclude<Finished, Reached>]: string } = {
  untouched: 'it touched nothing',
  'rolled-back': 'it was rolled back',
  'not-fully-rolled-back': 'it was rolled back, and not fully',
  failed: 'it failed, and was left as it stood',
  interrupted: 'it was interrupted',
  abandoned: 'it was abandoned',
  forgotten: 'it was interrupted, and forgotten',
};

/** What left the stack otherwise than it was. */
const changing: readonly Finished[] = ['applied', 'not-cleaned-up', 'failed', 'abandoned', 'forgotten'];

/** Commands that want what was applied before: a watch that heals, work on volumes. */
const asApplied: readonly string[] = ['watch', 'volume'];

function standingOf({ number, records }: PastRun): Stands {
  const story = records instanceof JournalError ? undefined : pastStory(records);
  if (!story || records instanceof JournalError) return { number, changed: false, whyNot: 'it cannot be read' };
  const { begun, finished, planned } = story;
  if (!finished) return { number, changed: false, whyNot: 'it never finished' };
  const { result, at } = finished;
  const changed = changing.includes(result) && !asApplied.includes(begun.command);
  if (!isReached(result)) return { number, changed, whyNot: resultWords[result] };
  if (begun.command === 'down') return { number, changed, whyNot: 'it took the stack down' };
  if (begun.command === 'volume') return { number, changed, whyNot: 'it worked on volumes, and wanted nothing else of the stack' };
  const wanted = planned.at(-1)?.wanted;
  if (!wanted) return { number, changed, whyNot: 'the version of stackctl that did it did not keep what was wanted' };
  const known = records.flatMap((record) => (record.type === 'planned' || record.type === 'images' ? [record.images] : []));
  const images = Object.values(wanted.desired.services)
    .flatMap(imagesOf)
    .flatMap((name) => {
      const image = knownAs(name, known);
      return image ? [[name, image] as const] : [];
    });
  return { number, changed, revision: { number, at, wanted, vaultKey: begun.vaultKey, images: fromEntries(images) } };
}
