import { expect, it } from 'vitest';
import { unknownSeals } from '../../src/commands/unknown-seals.ts';
import { createVault } from '../../src/model/vault.ts';

it('names each sensitive value that was not read this time by its place, once, and whose it is', () => {
  const [before, now] = [createVault('00'), createVault('00')];
  const same = now.seal('same');
  const parts = new Map<string, unknown>([
    ['web', { settings: { environment: { A: before.seal('old'), B: same, C: 'plain' }, user: undefined, x: null } }],
    ['db', { settings: { files: [{ content: same }, { content: before.seal('older') }], lost: { ...before.seal('gone'), lost: true } } }],
    ['api', { settings: { environment: { A: before.seal('oldest') } } }],
    ['it', before.seal('itself')],
  ]);
  expect(unknownSeals(parts, now)).toEqual([
    { path: 'settings.environment.A', owner: 'api' },
    { path: 'settings.files.1.content', owner: 'db' },
    { path: '', owner: 'it' },
  ]);
});
