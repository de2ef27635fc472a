import { definitionOf } from '../actions/index.ts';
import { appliedOf } from '../model/applied.ts';
import type { ApplyEvent } from '../model/event.ts';
import { get } from '../lib/record.ts';
import type { Observed, SeenContainer } from '../model/observed.ts';
import type { Setup } from './setup.ts';

/** Keeps what a restart or signal made containers read: their labels are of before. */
export async function noteContents(events: readonly ApplyEvent[], before: Observed, { stack, platform }: Setup): Promise<void> {
  for (const seen of Object.values(before.containers).filter((each) => hasReadAnew(each, events))) {
    const service = get(stack.desired.services, seen.service);
    if (!service || !seen.applied) continue;
    const { hashes } = appliedOf(service.settings, seen.applied.key, (text) => platform.vault.open(text));
    const contents = Object.entries(hashes).filter(([path]) => path.startsWith('content.'));
    await platform.content.note(seen.id, Object.fromEntries(contents));
  }
}

const hasReadAnew = ({ name }: SeenContainer, events: readonly ApplyEvent[]): boolean =>
  events.some(
    (event) =>
      event.type === 'step-ended' &&
      event.outcome.status === 'done' &&
      definitionOf(event.step.action).rereads === true &&
      definitionOf(event.step.action).target(event.step.action.args) === name,
  );
