import { expect, it } from 'vitest';
import type { Drift } from '../../src/model/drift.ts';
import { noteUp, type Pasts } from '../../src/watch/pasts.ts';
import { groupOf, sortOut } from '../../src/watch/sort-out.ts';
import { desired, needs, service } from '../kit/builders.ts';

const db = service('db', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } });
const web = service('web', { dependsOn: [needs('db')] });
const edge = service('edge', { settings: { network_mode: 'service:web' } });
const wanted = desired({ services: [db, web, edge] });

const of = (name: string, more: Partial<Drift> = {}): Drift => ({
  of: 'container',
  name: `shop-${name}-1`,
  service: name,
  id: name,
  stands: 'down',
  because: '',
  fields: [],
  edited: false,
  ...more,
});
const volume: Drift = { of: 'volume', name: 'shop_data', stands: 'gone', because: '', fields: [], edited: false };
const ran: Pasts = noteUp(new Map(), ['db', 'web', 'edge']);
const stopped: Pasts = new Map([...ran, ['db', { wasUp: true, ended: 'on-purpose' }]]);

it.each<readonly [string, readonly Drift[], Pasts, readonly (string | undefined)[]]>([
  ['ended by itself', [of('db')], ran, [undefined]],
  ['is gone', [of('db', { stands: 'gone' })], new Map(), [undefined]],
  ['runs, and was changed', [of('db', { stands: 'up' })], new Map(), [undefined]],
  ['somebody stopped', [of('db')], stopped, ['somebody stopped it']],
  ['somebody paused', [of('db', { stands: 'paused' })], ran, ['somebody paused it']],
  ['did not run at first', [of('db')], new Map(), ['it did not run when the watch began, so somebody may have stopped it']],
  ['changed in the file too', [of('db', { edited: true })], ran, ['what is declared has changed as well, and nobody has applied that']],
  [
    'has lost its volume',
    [volume, of('db', { stands: 'gone' })],
    ran,
    ['what was in it is gone, and an empty one would hide that', 'its volume shop_data is gone'],
  ],
  [
    'needs what is left alone',
    [of('db'), of('web'), of('edge')],
    stopped,
    ['somebody stopped it', 'db, which it needs, is left alone', 'web, which it needs, is left alone'],
  ],
  [
    'lends its network to what is left alone',
    [of('web', { stands: 'up' }), of('edge', { edited: true })],
    ran,
    ['edge, which shares its network, is left alone', 'what is declared has changed as well, and nobody has applied that'],
  ],
])('what %s', (_what, drifts, pasts, leave) => {
  expect(sortOut(drifts, wanted, pasts).map((each) => each.leave)).toEqual(leave);
});

it('mends those together that share a network', () => {
  expect(['db', 'web', 'edge'].map((name) => groupOf(name, wanted))).toEqual(['db', 'edge', 'edge']);
});
