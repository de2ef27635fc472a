import { expect, it } from 'vitest';
import { effective } from '../../src/model/effective.ts';
import type { Settings } from '../../src/model/settings.ts';
import { image } from '../kit/builders.ts';

const { defaults } = image('app:1', {
  command: ['serve'],
  entrypoint: ['/entry'],
  environment: { A: 'image', B: 'image' },
  labels: { from: 'image' },
  healthcheck: { test: ['CMD', 'check'], interval: 1000 },
  volumes: ['/cache', '/data'],
  user: 'app',
});
const shown = (declared: Partial<Settings>): Settings => effective({ image: 'app:1', ...declared }, defaults);

it.each<readonly [string, Partial<Settings>, Partial<Settings>]>([
  ['what is not declared is the image’s', {}, { command: ['serve'], entrypoint: ['/entry'], user: 'app', labels: { from: 'image' } }],
  ['a declared command keeps the entrypoint', { command: ['work'] }, { command: ['work'], entrypoint: ['/entry'] }],
  ['a declared entrypoint clears the image’s command', { entrypoint: ['/mine'] }, { command: [], entrypoint: ['/mine'] }],
  ['environment is merged', { environment: { A: 'mine', C: '' } }, { environment: { A: 'mine', B: 'image', C: '' } }],
  ['null takes a variable away', { environment: { A: null } }, { environment: { B: 'image' } }],
  ['labels are merged', { labels: { mine: '1' } }, { labels: { from: 'image', mine: '1' } }],
  [
    'a health check is merged field by field',
    { healthcheck: { interval: 5000 } },
    { healthcheck: { test: ['CMD', 'check'], interval: 5000 } },
  ],
  ['NONE switches it off', { healthcheck: { test: ['NONE'], interval: 5000 } }, { healthcheck: { test: ['NONE'] } }],
])('%s', (_name, declared, expected) => {
  expect(shown(declared)).toMatchObject(expected);
});

it('volumes of the image become anonymous ones where nothing is mounted', () => {
  const mount = { type: 'volume' as const, source: 'data', target: '/data', read_only: false };
  expect(shown({ volumes: [mount] }).volumes).toEqual([{ type: 'volume', source: '', target: '/cache', read_only: false }, mount]);
});

it('without a test there is no health check', () => {
  expect(effective({ image: 'x', healthcheck: { interval: 1 } }, image('x').defaults).healthcheck).toBeUndefined();
});
