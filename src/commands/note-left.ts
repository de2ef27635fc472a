import { randomBytes } from 'node:crypto';
import { definitionOf } from '../actions/index.ts';
import { fileLeftRecord } from '../adapters/file-left-record.ts';
import { get } from '../lib/record.ts';
import { appliedOf, type Applied } from '../model/applied.ts';
import type { ApplyEvent } from '../model/event.ts';
import type { LeftContainer } from '../model/left.ts';
import type { Observed } from '../model/observed.ts';
import type { Stack } from '../spec/read-stack.ts';

/** What a run was about, and how it went. */
interface LeftBehind {
  readonly stack: Pick<Stack, 'desired' | 'vault'>;
  readonly before: Observed;
  readonly events?: readonly ApplyEvent[];
}

/**
 * Keeps in the stack's state folder which containers a run has left standing, and as what they were applied, so that the next plan can
 * say of one that is gone that it was there. A run that ended elsewhere than at its goal leaves what the one before it wrote. Never
 * fails: it costs a plan a word.
 */
export async function noteLeft(folder: string, left: LeftBehind): Promise<void> {
  if (left.events?.some((event) => event.type === 'run-ended' && !reached.includes(event.result))) return;
  await fileLeftRecord(folder)
    .write(standing(left))
    .catch(() => undefined);
}

const reached = ['applied', 'not-cleaned-up'];

/** What the steps that ended well have made of what stood there. */
function standing({ stack, before, events = [] }: LeftBehind): LeftContainer[] {
  const after = events.reduce((now, event) => {
    if (event.type !== 'step-ended' || event.outcome.status !== 'done') return now;
    const { action } = event.step;
    return definitionOf(action).simulate(action.args, now, '');
  }, before);
  const ids = new Set(Object.values(before.containers).map(({ id }) => id));
  const left = Object.values(after.containers).map((seen): LeftContainer => {
    const applied = ids.has(seen.id) ? seen.applied : appliedNow(seen.service, stack);
    return { service: seen.service, number: seen.number, ...(applied && { applied }) };
  });
  return [...new Map(left.map((each) => [`${each.service} ${each.number}`, each] as const).sort(byKey)).values()];
}

/** The record that stands in the label of a container that was just made, but under another key. */
function appliedNow(name: string, { desired, vault }: LeftBehind['stack']): Applied | undefined {
  const service = get(desired.services, name);
  return service && appliedOf(service.settings, randomBytes(16).toString('hex'), (text) => vault.open(text));
}

const byKey = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number => (left < right ? -1 : 1);
