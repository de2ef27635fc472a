import { expect, it } from 'vitest';
import type { StackEvent } from '../../src/platform/engine.ts';
import { noteEvent, noteHealed, noteUp, whyDown, type Pasts } from '../../src/watch/pasts.ts';

const event = (what: string, more: Partial<StackEvent> = {}): StackEvent => ({ of: 'container', id: 'web', what, atMs: 1000, ...more });
const after = (...events: readonly StackEvent[]) => whyDown(events.reduce<Pasts>(noteEvent, new Map()), 'web');

const term = event('kill', { signal: 15 });

it.each<readonly [string, readonly StackEvent[], ReturnType<typeof whyDown>]>([
  ['of which nothing is known', [], 'unknown'],
  ['that ended', [event('die', { exitCode: 1 })], 'by-itself'],
  ['that the kernel killed', [event('die', { exitCode: 137 })], 'by-itself'],
  ['of docker stop', [term, event('die', { exitCode: 0 }), event('stop')], 'on-purpose'],
  ['of docker stop that took long', [term, event('die', { exitCode: 137, atMs: 100_000 }), event('stop')], 'on-purpose'],
  ['of docker stop with a signal of its own', [event('kill', { signal: 28 }), event('die', { exitCode: 0 }), event('stop')], 'on-purpose'],
  ['of docker kill', [event('kill', { signal: 9 }), event('die', { exitCode: 137 })], 'on-purpose'],
  ['that a signal happened to end', [event('kill', { signal: 1 }), event('die', { exitCode: 129 })], 'on-purpose'],
  ['that was told to read its files, and ended', [event('kill', { signal: 1 }), event('die', { exitCode: 1 })], 'by-itself'],
  ['that ended long after a signal', [term, event('die', { exitCode: 1, atMs: 100_000 })], 'by-itself'],
  ['that was stopped, started, and ended', [term, event('die'), event('stop'), event('start'), event('die')], 'by-itself'],
  ['that somebody connected', [event('connect', { of: 'network' })], 'unknown'],
])('a container %s', (_what, events, why) => {
  expect(after(...events)).toBe(why);
});

it('takes one that ran and does not any more for one that ended: the engine was gone meanwhile', () => {
  expect(whyDown(noteUp(new Map(), ['web']), 'web')).toBe('by-itself');
});

it('does not take a look for news of what it has been told since', () => {
  const stopped = [term, event('die'), event('stop')].reduce<Pasts>(noteEvent, new Map());
  expect(whyDown(noteUp(stopped, ['web']), 'web')).toBe('on-purpose');
});

it('does not take the way back of its own heal for a person’s doing', () => {
  const walkedBack = [event('start'), term, event('die'), event('stop')].reduce<Pasts>(noteEvent, new Map());
  expect(whyDown(noteHealed(walkedBack, ['web']), 'web')).toBe('by-itself');
});
