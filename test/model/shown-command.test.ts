import { expect, test } from 'vitest';
import { shownCommand } from '../../src/model/shown-command.ts';
import { createVault } from '../../src/model/vault.ts';

const vault = createVault('00', ['*LICENCE*']);
vault.seal('hunter22');

test.each([
  ['nginx -g daemon off', 'nginx -g daemon off'],
  ['app --db-password=abc --port=80', 'app --db-password=(sensitive) --port=80'],
  ['app --token abc --verbose', 'app --token (sensitive) --verbose'],
  ['app --token --verbose abc', 'app --token --verbose abc'],
  ['env PGPASSWORD=abc psql', 'env PGPASSWORD=(sensitive) psql'],
  ['app --licence xyz', 'app --licence (sensitive)'],
  ['curl -u me:hunter22', 'curl -u me:(sensitive)'],
  ['app postgres://me:abc@db/x', 'app postgres://me:(sensitive)@db/x'],
])('%s', (command, shown) => expect(shownCommand(command, vault)).toBe(shown));
