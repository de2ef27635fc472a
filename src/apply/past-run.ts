import { get, type ByName } from '../lib/record.ts';
import type { StepOutcome } from '../model/event.ts';
import type { Action } from '../model/action.ts';
import type { Step } from '../model/plan.ts';
import type { JournalRecord, KnownImage, RecordOf } from '../platform/journal.ts';
import { definitionOf } from '../actions/index.ts';

/** One run as a person asks for it. */
export interface PastStory {
  readonly begun: RecordOf<'begun'>;
  /** The first plan, and one more for each time that it was resumed. */
  readonly planned: readonly RecordOf<'planned'>[];
  /** Absent while it is under way, or interrupted. */
  readonly finished?: RecordOf<'finished'>;
  readonly steps: readonly PastStep[];
  readonly recoveries: readonly RecordOf<'recovering'>[];
  readonly because?: string;
  readonly left: readonly string[];
  /** What was made, and from which image. */
  readonly images: readonly PastImage[];
}

export interface PastStep {
  readonly id: string;
  /** One line for people. */
  readonly label: string;
  readonly isBack: boolean;
  /** Absent: it was begun, and nobody knows how it ended. */
  readonly ended?: { readonly outcome: StepOutcome['status']; readonly tookMs: number; readonly why?: string };
}

export interface PastImage extends KnownImage {
  readonly container: string;
  readonly reference: string;
}

/** What the records of a journal tell; undefined for those of none. */
export function pastStory(records: readonly JournalRecord[]): PastStory | undefined {
  const of = <Type extends JournalRecord['type']>(type: Type): RecordOf<Type>[] =>
    records.filter((record): record is RecordOf<Type> => record.type === type);
  const [begun] = of('begun');
  if (!begun) return undefined;
  const finished = of('finished').at(-1);
  const because = of('walking-back').at(-1)?.because;
  return {
    begun,
    planned: of('planned'),
    ...(finished && { finished }),
    steps: stepsOf(records),
    recoveries: of('recovering'),
    ...(because !== undefined && { because }),
    left: of('walked-back').at(-1)?.left ?? [],
    images: imagesOf(records),
  };
}

/** In the order in which they were begun; a step that never began (refused, or not needed) where it ended. */
function stepsOf(records: readonly JournalRecord[]): PastStep[] {
  const labels = new Map<string, string>();
  const steps = new Map<string, PastStep>();
  let attempt = 0;
  for (const record of records) {
    if (record.type === 'planned') {
      attempt += 1;
      for (const { id, action } of record.plan.steps) labels.set(id, labelOf(action));
    }
    if (record.type !== 'started' && record.type !== 'ended') continue;
    const key = `${attempt} ${record.step}`;
    const { step: id } = record;
    if (record.type === 'started' && typeof record.undo === 'object' && 'kind' in record.undo)
      labels.set(`undo ${id}`, labelOf(record.undo));
    const step = { id, label: labels.get(id) ?? id, isBack: isBack(id) };
    steps.set(key, record.type === 'ended' ? { ...step, ended: endOf(record) } : step);
  }
  return [...steps.values()];
}

const labelOf = (action: Action): string => definitionOf(action).label(action.args);

const endOf = ({ outcome, tookMs, why }: RecordOf<'ended'>): NonNullable<PastStep['ended']> => ({
  outcome,
  tookMs,
  ...(why !== undefined && { why }),
});

const isBack = (id: string): boolean => id.startsWith('undo ') || id.startsWith('again ');

function imagesOf(records: readonly JournalRecord[]): PastImage[] {
  const known = records.flatMap((record) => (record.type === 'planned' || record.type === 'images' ? [record.images] : []));
  const plans: readonly Step[] = records.flatMap((record) => (record.type === 'planned' ? record.plan.steps : []));
  const made = plans.flatMap(({ action }) => {
    const { makesFrom, target } = definitionOf(action);
    const reference = makesFrom?.(action.args);
    return reference === undefined ? [] : [{ container: target(action.args), reference }];
  });
  return [...new Map(made.map((each) => [each.container, each])).values()].flatMap((each) => {
    const image = knownAs(each.reference, known);
    return image ? [{ ...each, ...image }] : [];
  });
}

/** What a reference meant in the end; an id means itself. */
export function knownAs(reference: string, known: readonly ByName<KnownImage>[]): KnownImage | undefined {
  if (reference.startsWith('sha256:')) return { id: reference, digests: [] };
  return known.map((images) => get(images, reference)).findLast((found) => found !== undefined);
}
