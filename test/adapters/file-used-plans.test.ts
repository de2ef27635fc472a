import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileUsedPlans } from '../../src/adapters/file-used-plans.ts';
import { JournalError } from '../../src/platform/journal.ts';
import { folderWith } from '../commands/kit.ts';

const use = { at: '2026-08-02T10:00:00.000Z', run: 7 };

describe('saved plans that were used', () => {
  it('are told by their checksums, whoever asks', async () => {
    const folder = await folderWith({});
    expect(await fileUsedPlans(folder).of('aa')).toBeUndefined();
    await fileUsedPlans(folder).note('aa', use);
    await fileUsedPlans(folder).note('bb', { ...use, run: 8 });
    expect([await fileUsedPlans(folder).of('aa'), await fileUsedPlans(folder).of('bb')]).toEqual([use, { ...use, run: 8 }]);
    expect(await fileUsedPlans(folder).of('__proto__')).toBeUndefined();
  });

  it.each([
    '',
    '[]',
    '7',
    '"text"',
    'null',
    '{"aa":1}',
    '{"aa":null}',
    '{"aa":"text"}',
    '{"aa":{"at":"x"}}',
    '{"aa":{"run":1}}',
    '{"aa":{"at":1,"run":1}}',
    '{"aa":{"at":"x","run":"1"}}',
    '{"aa":{"at":"x","run":1},"bb":{}}',
    '{"plans":{"aa":{"at":"x","run":1}},"checksum":"0123456789abcdef"}',
  ])('are not guessed at from %j', async (text) => {
    const folder = await folderWith({});
    const path = join(folder, 'used-plans.json');
    await writeFile(path, text);
    const why = text === '' ? 'Unexpected end of JSON input' : 'it is not as stackctl wrote it';
    await expect(fileUsedPlans(folder).of('aa')).rejects.toThrow(
      new JournalError(`which saved plans were used cannot be told from ${path}: ${why}`),
    );
    await expect(fileUsedPlans(folder).of('aa')).rejects.toMatchObject({ cause: { message: why } });
    await expect(fileUsedPlans(folder).note('aa', use)).rejects.toThrow(/cannot be told from/);
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
