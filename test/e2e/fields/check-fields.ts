import { beforeAll, describe, expect, test } from 'vitest';
import { expectedFields, versionOf, type FieldRow, type Version } from './field-row.ts';
import { tell, type Chapter, type Maker, type Story, type Telling } from './story.ts';

/** Every row of a table against one stack that stackctl makes, and one that Docker Compose made. */
export function checkFields(telling: Telling): void {
  describe.each(['stackctl', 'compose'] as const)('made by %s', (maker) => {
    let story: Story;
    beforeAll(async () => {
      story = await tell(maker, telling);
    }, 180_000);

    test('unchanged: the plan is empty, and apply touches nothing', () => {
      expectWell(story.made);
      expect(story.untouched[1]).toEqual(story.untouched[0]);
    });

    test('changed: applied, and the plan is empty again', () => {
      expectWell(story.changed);
    });

    test.runIf(maker === 'stackctl')('removed: applied, and the plan is empty again', () => {
      expectWell(story.removed!);
    });

    describe.each(telling.rows)('$name', (row) => {
      test('unchanged', () => {
        expectSeen(story.made, row, 0);
      });
      test.skipIf(maker === 'compose' && row.hidden !== undefined)('changed', () => {
        expectChapter(story, { row, version: 1, maker });
      });
      test.runIf(maker === 'stackctl' && row.yaml.length === 3)('removed', () => {
        expectChapter(story, { row, version: 2, maker });
      });
    });
  });
}

function expectWell({ applied, after }: Chapter): void {
  expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
  expect(after).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
}

function expectChapter({ made, changed, removed }: Story, { row, version, maker }: { row: FieldRow; version: 1 | 2; maker: Maker }): void {
  const [before, chapter] = version === 1 ? [made, changed] : [changed, removed!];
  const expected = expectedFields(row, version, maker);
  expect(chapter.planned[row.name] ?? []).toEqual(expected);
  const replaced = expected.some(({ forces_replacement }) => forces_replacement);
  expect(chapter.ids[row.name] !== before.ids[row.name], 'a new container').toBe(replaced);
  expectSeen(chapter, row, version);
}

function expectSeen({ seen }: Chapter, row: FieldRow, version: Version): void {
  expect(seen[row.name]).toEqual(versionOf(row.seen, version));
}
