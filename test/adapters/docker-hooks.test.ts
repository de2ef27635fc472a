import { expect, it } from 'vitest';
import { hooksFrom, hooksLabel } from '../../src/adapters/docker-hooks.ts';
import { createVault, type Vault } from '../../src/model/vault.ts';

const applied = { key: '11'.repeat(16) };
const newVault = (): Vault => createVault('22'.repeat(16));

const hooksIn = (vault: Vault) => ({
  post_start: [
    {
      command: ['migrate', vault.text('', 'postgres://app:letmein@db/shop')],
      user: 'app',
      privileged: true,
      working_dir: '/srv',
      environment: { PASSWORD: vault.text('PASSWORD', 'letmein'), LEVEL: 'info' },
    },
  ],
  pre_stop: [{ command: ['drain'] }],
});

it('keeps hooks in a label without a secret, and finds its value again where a file still has it', () => {
  const vault = newVault();
  const label = hooksLabel(hooksIn(vault), applied, vault);
  expect(label).not.toContain('letmein');
  const later = newVault();
  const again = hooksIn(later);
  expect(hooksFrom(label, applied, later)).toEqual(again);
  const password = hooksFrom(label, applied, later).post_start?.[0]?.environment?.['PASSWORD'];
  expect(later.open(password ?? '')).toBe('letmein');
});

it('knows a value that no file has any more as lost', () => {
  const vault = newVault();
  const { post_start, pre_stop } = hooksFrom(hooksLabel(hooksIn(vault), applied, vault), applied, newVault());
  expect(post_start).toMatchObject([
    {
      command: ['migrate', { shown: 'postgres://app:(sensitive)@db/shop', lost: true }],
      environment: { PASSWORD: { shown: '(sensitive)', lost: true }, LEVEL: 'info' },
    },
  ]);
  expect(pre_stop).toEqual([{ command: ['drain'] }]);
});

it('has no label without hooks, and takes one that somebody else wrote for none', () => {
  expect(hooksLabel({}, applied, newVault())).toBeUndefined();
  for (const label of [undefined, '', '{', '[]', '{"post_start":{}}', '{"pre_stop":[{"command":["x"]}]}']) {
    expect(hooksFrom(label, applied, newVault())).toEqual({});
  }
});
