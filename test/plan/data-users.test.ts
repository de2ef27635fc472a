import { describe, expect, it } from 'vitest';
import type { DataPlace } from '../../src/model/data-place.ts';
import type { Settings } from '../../src/model/settings.ts';
import { hasMounted, mountsPlace } from '../../src/plan/data-users.ts';
import { desired, seen, service } from '../kit/builders.ts';
import { mount } from './backup-kit.ts';

const volume: DataPlace = { kind: 'volume', name: 'shop_data' };
const folder = (path: string): DataPlace => ({ kind: 'bind', path });
type Mounting = Omit<Settings, 'image'>;
const bind = (source: string): Mounting => ({ volumes: [{ ...mount(source), type: 'bind' }] });
const from = (...volumes_from: string[]): Mounting => ({ volumes_from });
const keeper = service('keeper', { settings: { volumes: [mount('shop_logs'), mount('shop_data')] } });
const bare = service('bare', { settings: {} });
const stack = desired({ services: [keeper, bare, service('chain', { settings: from('keeper') })] });

describe('whether a service has a place mounted', () => {
  it.each<[string, Mounting, DataPlace, boolean]>([
    ['the volume', { volumes: [mount('shop_logs'), mount('shop_data')] }, volume, true],
    ['another volume', { volumes: [mount('shop_logs')] }, volume, false],
    ['a folder of that name', { volumes: [{ ...mount('shop_data'), type: 'bind' }] }, volume, false],
    ['nothing', {}, volume, false],
    ['the volumes of a service that has it', from('keeper'), volume, true],
    ['those of one that has it, after one that has none', from('bare', 'keeper:ro'), volume, true],
    ['the volumes of a service that has none', from('bare'), volume, false],
    ['those of a service that is not there', from('stranger'), volume, false],
    ['those of a container', from('container:keeper'), volume, false],
    ['a volume of a service that takes its own from a third', from('chain'), volume, false],
    ['the folder', bind('/srv/data'), folder('/srv/data'), true],
    ['a folder in it', bind('/srv/data/db'), folder('/srv/data'), true],
    ['the folder that it is in', bind('/srv'), folder('/srv/data'), true],
    ['everything', bind('/'), folder('/srv/data'), true],
    ['a folder whose name only begins so', bind('/srv/database'), folder('/srv/data'), false],
    ['one whose name is the begin of it', bind('/srv/dat'), folder('/srv/data'), false],
    ['another folder', bind('/etc'), folder('/srv/data'), false],
    ['a volume named as the folder', { volumes: [mount('/srv/data')] }, folder('/srv/data'), false],
  ])('%s', (_, settings, place, expected) => {
    expect(mountsPlace({ image: 'nginx:1', ...settings }, place, stack)).toBe(expected);
  });

  it('taking its volumes from itself adds nothing', () => {
    const own = service('own', { settings: { volumes_from: ['own'] } });
    expect(mountsPlace(own.settings, volume, desired({ services: [own] }))).toBe(false);
  });
});

it('a container also has its anonymous volumes, which are no folders', () => {
  const anonymous = { anonymous: { '/data': 'shop_data' } };
  expect(hasMounted(seen(bare, anonymous), volume, stack)).toBe(true);
  expect(hasMounted(seen(bare), volume, stack)).toBe(false);
  expect(hasMounted(seen(bare, anonymous), folder('/srv'), stack)).toBe(false);
  expect(hasMounted(seen(keeper), volume, stack)).toBe(true);
});
