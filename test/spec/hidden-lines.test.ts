import { expect, it } from 'vitest';
import { createVault } from '../../src/model/vault.ts';
import { hiddenLines } from '../../src/spec/hidden-lines.ts';

const isHidden = hiddenLines(createVault('00', ['*_pin']));

it.each([
  'DB_PASSWORD: hunter22',
  '      - DB_PASSWORD=hunter22',
  '  "API_TOKEN": x',
  "  'API_TOKEN' : x",
  'card.my-card_pin = 1234',
  'LEVEL: debug, DB_PASSWORD: x',
  'url: postgres://app:s3cret@db/shop',
])('a line that may hold a secret is never shown: %s', (line) => {
  // The second time as well, when it is known already
  expect([isHidden(line), isHidden(line)]).toEqual([true, true]);
});

it.each([
  'LEVEL: debug',
  'DB_PASSWORD:',
  'DB_PASSWORD:   ',
  'secrets: [a]',
  'secret: a',
  'a DB_PASSWORD is needed here',
  'url: http://host:80/path@2',
  '',
])('any other is: %s', (line) => {
  expect([isHidden(line), isHidden(line)]).toEqual([false, false]);
});
