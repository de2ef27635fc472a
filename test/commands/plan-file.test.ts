import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeElsewhere } from '../../src/commands/apply-saved.ts';
import { changedSecrets, readPlan, savePlan } from '../../src/commands/plan-file.ts';
import { wantedOf } from '../../src/commands/wanted.ts';
import { createVault } from '../../src/model/vault.ts';
import { differences } from '../../src/plan/fingerprint.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, observed, service } from '../kit/builders.ts';
import { folderWith } from './kit.ts';

const vaultKey = '00'.repeat(16);
const vault = createVault(vaultKey);
const web = service('web', { settings: { environment: { DB_PASSWORD: vault.text('DB_PASSWORD', 'hunter22') } } });
const empty = observed({ images: {}, networks: [] });
const wants = desired({ services: [web] });
const made = plan(wants, empty);
const wanted = wantedOf({ desired: wants, vault, profiles: [] }, plainOptions);
const source = { files: ['/srv/shop/compose.yaml'], profiles: [], envFiles: [], vaultKey };

async function saved(): Promise<string> {
  const path = join(await folderWith({}), 'next.plan');
  expect(await savePlan(path, { stackctl: '1.0.0', plan: made, wanted, source })).toMatchObject({ ok: true });
  return path;
}

describe('a saved plan', () => {
  it('is read back as it was, for nobody else, without a sensitive value', async () => {
    const path = await saved();
    expect(await readPlan(path)).toMatchObject({ ok: true, value: { plan: JSON.parse(JSON.stringify(made)) as unknown, source } });
    expect([((await stat(path)).mode & 0o777).toString(8), await readFile(path, 'utf8')]).toEqual([
      '600',
      expect.not.stringMatching('hunter22'),
    ]);
  });

  it('that was made under another format says which', async () => {
    const path = await saved();
    await writeFile(path, (await readFile(path, 'utf8')).replace('"format_version":"1.1"', '"format_version":"9.1"'));
    expect(await readPlan(path)).toMatchObject({
      error: [{ code: 'plan-unreadable', message: `${path} is a plan of format 9.1, and this stackctl reads 1.1` }],
    });
  });

  it.each([
    ['edited', (text: string) => text.replace('shop-web-1', 'shop-web-2')],
    ['without its checksum', (text: string) => text.replace('"checksum"', '"sum"')],
    ['cut off', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
    ['something else', () => '{"services":{}}'],
    ['nothing', () => 'null'],
  ])('%s is refused', async (_how, change) => {
    const path = await saved();
    await writeFile(path, change(await readFile(path, 'utf8')));
    expect(await readPlan(path)).toMatchObject({ ok: false, error: [{ code: 'plan-unreadable' }] });
  });

  it('is refused whichever character of it was changed', async () => {
    const path = await saved();
    const text = await readFile(path, 'utf8');
    // What stands between these two only says who wrote it
    const [free, plan] = [text.indexOf('"stackctl"'), text.indexOf('"plan"')];
    const places = Array.from({ length: text.trimEnd().length }, (_, i) => i).filter((i) => i % 7 === 0 && (i < free || i >= plan));
    for (const i of places) {
      await writeFile(path, `${text.slice(0, i)}${text[i] === 'x' ? 'y' : 'x'}${text.slice(i + 1)}`);
      expect([i, (await readPlan(path)).ok]).toEqual([i, false]);
    }
  });

  it('names each sensitive value that is another one now', async () => {
    const read = await readPlan(await saved());
    if (!read.ok) throw new Error('it cannot be read');
    expect(changedSecrets(read.value, vault)).toEqual([]);
    expect(changedSecrets(read.value, createVault(vaultKey))).toMatchObject([
      { code: 'secret-changed', message: expect.stringMatching(/environment\.DB_PASSWORD/) as unknown },
    ]);
  });

  it('for another engine or stack says so, and not that the machine has changed', () => {
    expect(madeElsewhere(made, made)).toEqual([]);
    expect(madeElsewhere(made, { ...made, engine: 'engine-2' })).toMatchObject([
      { code: 'plan-for-other-engine', message: 'the plan was made for the engine engine-1, and this is engine-2' },
    ]);
    expect(madeElsewhere(made, { ...made, stack: 'till' })).toMatchObject([
      { code: 'plan-for-other-stack', message: 'the plan was made for stack shop, and this is stack till' },
    ]);
  });

  it('of an empty machine has something to be held against, and says what is new', () => {
    expect(Object.keys(made.madeFrom)).toEqual(['engine']);
    const now = plan(desired({ services: [web] }), observed());
    expect(differences(made.madeFrom, now.madeFrom)).toEqual(
      expect.arrayContaining(['network shop_default is new', 'image nginx:1 is new']),
    );
  });
});
