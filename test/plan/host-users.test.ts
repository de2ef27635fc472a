import { expect, it } from 'vitest';
import { hostUsers } from '../../src/plan/host-users.ts';
import { desired, service } from '../kit/builders.ts';
import { mount } from './backup-kit.ts';

const user = (name: string, userns_mode?: string) =>
  service(name, { settings: { volumes: [mount('shop_data')], ...(userns_mode !== undefined && { userns_mode }) } });
const away = service('away', { settings: { userns_mode: 'host' } });

it.each([
  ['those that the engine maps, where nobody who mounts it is exempt', [user('db'), user('web', 'private')], {}],
  ['those of the host, where one of them is', [user('db'), user('web', 'host')], { userns: 'host' }],
  ['those that the engine maps, where somebody is who does not mount it', [user('db'), away], {}],
  ['those that the engine maps, where nobody mounts it', [away], {}],
])('the ids that a helper sees in a volume are %s', (_, services, expected) => {
  expect(hostUsers('shop_data', desired({ services }))).toEqual(expected);
});
