import { expect, test } from 'vitest';
import { shownCommand } from '../../src/model/shown-command.ts';
import { createVault } from '../../src/model/vault.ts';

const vault = createVault('00', ['*LICENCE*']);
vault.seal('hunter22');

test.each([
  ['nginx -g daemon off', 'nginx -g daemon off'],
  ['python3 -u /app/server.py --config /etc/a.yaml', 'python3 -u /app/server.py --config /etc/a.yaml'],
  ['app --db-password=abc --port=80', 'app --db-password=(sensitive) --port=80'],
  ['app --token abc --verbose', 'app --token (sensitive) --verbose'],
  ['app --password -x', 'app --password (sensitive)'],
  ['env PGPASSWORD=abc psql', 'env PGPASSWORD=(sensitive) psql'],
  ['app --set=db.password=x --env=DB_PASSWORD=y', 'app --set=db.password=(sensitive) --env=DB_PASSWORD=(sensitive)'],
  ['app --licence xyz', 'app --licence (sensitive)'],
  ['curl -H Authorization: Bearer abc', 'curl -H Authorization: (sensitive) (sensitive)'],
  ['curl http://h/x?a=1&token=x', 'curl http://h/x?a=1&token=(sensitive)'],
  ['app {"user":"me","password":"x"}', 'app {"user":"me","password":"(sensitive)"}'],
  ['curl -u me:abc', 'curl -u me:(sensitive)'],
  ['redis --requirepass x', 'redis --requirepass (sensitive)'],
  ['git clone https://TOKEN@host/x', 'git clone https://(sensitive)@host/x'],
  ['app postgres://me:abc@db/x', 'app postgres://(sensitive)@db/x'],
  ['app hunter22', 'app (sensitive)'],
])('%s', (command, shown) => expect(shownCommand(command, vault)).toBe(shown));

test('keeps nothing of it: what is hidden here is no value of the stack', () => {
  shownCommand('app --token-type json', vault);
  expect(vault.mask('package.json')).toBe('package.json');
});
