import { expect, it } from 'vitest';
import { groupIn, userIn } from '../../src/lib/accounts.ts';

const accounts = { passwd: 'root:x:0:0::/:\ndb:x:70:71::/:\nbroken\n', group: 'root:x:0:\nstaff:x:50:db\n' };

it('users and groups are found by name, and by id whether somebody has it or not', () => {
  expect(userIn(accounts, 'db')).toEqual({ uid: 70, gid: 71 });
  expect(userIn(accounts, '70')).toEqual({ uid: 70, gid: 71 });
  expect(userIn(accounts, '9')).toEqual({ uid: 9 });
  expect(userIn(accounts, 'nobody')).toBeUndefined();
  expect(userIn(accounts, 'broken')).toBeUndefined();
  expect(groupIn(accounts, 'staff')).toBe(50);
  expect(groupIn(accounts, '51')).toBe(51);
  expect(groupIn(accounts, 'db')).toBeUndefined();
});
