import { definitionOf } from '../actions/index.ts';
import { appliedOf } from '../model/applied.ts';
import type { ApplyEvent } from '../model/event.ts';
import { fromEntries, get, names, type ByName } from '../lib/record.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { Setup } from './setup.ts';

interface Run {
  readonly plan: Plan;
  /** The look that the plan was made from. */
  readonly before: Observed;
  readonly setup: Setup;
}

/** Keeps what containers that stayed were changed to, and what a restart or signal made them read: their labels are of before. */
export async function noteContents(events: readonly ApplyEvent[], { plan, before, setup }: Run): Promise<void> {
  const { stack, platform } = setup;
  for (const seen of Object.values(before.containers)) {
    const service = get(stack.desired.services, seen.service);
    if (!service || !seen.applied) continue;
    const readAnew = hasReadAnew(seen, events);
    const changed = isApplied(events) && isChangedInPlace(seen, plan);
    if (!readAnew && !changed) continue;
    const { hashes } = appliedOf(service.settings, seen.applied.key, (text) => platform.vault.open(text));
    const noted = Object.entries({ ...undeclared(seen.applied.hashes), ...hashes }).filter(([path]) =>
      isContent(path) ? readAnew : changed,
    );
    await platform.content.note(seen.id, fromEntries(noted));
  }
}

const isContent = (path: string): boolean => path.startsWith('content.');

/** An empty hash says that nothing is declared any more. */
const undeclared = (hashes: ByName<string>): ByName<string> => fromEntries(names(hashes).map((path) => [path, ''] as const));

const hasReadAnew = ({ name }: SeenContainer, events: readonly ApplyEvent[]): boolean =>
  events.some(
    (event) =>
      event.type === 'step-ended' &&
      event.outcome.status === 'done' &&
      definitionOf(event.step.action).rereads === true &&
      definitionOf(event.step.action).target(event.step.action.args) === name,
  );

const isApplied = (events: readonly ApplyEvent[]): boolean =>
  events.some((event) => event.type === 'run-ended' && (event.result === 'applied' || event.result === 'not-cleaned-up'));

const isChangedInPlace = (seen: SeenContainer, { changes }: Plan): boolean =>
  changes.some(
    ({ of, verb, name, fields }) =>
      of === 'container' &&
      verb === 'update' &&
      (name === seen.name || fields.some(({ path, have }) => path === 'container_name' && have === seen.name)),
  );
