import { describe, expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { databaseOf, filledVolume, helper, inVolume, picture, standing } from './vector-database.ts';

const fixed = 'owner: image-user, on_drift: fix, remove_before_start: [raft_state.json]';

/** The parts of a text that hold what matters, one a line. */
const lines = (text: string, word: RegExp): string[] => text.split('\n').filter((line) => word.test(line));

async function reported(options?: string): Promise<Project> {
  const project = await createProject();
  await project.write('compose.yaml', databaseOf(options === undefined ? {} : { options }));
  await filledVolume(project);
  return project;
}

describe('field report 000: a vector database whose files belong to someone else', () => {
  test('without a word of it the database ends with 101, and everything is as it was', async () => {
    await using project = await reported();
    const before = await picture(project);
    const { exitCode, stderr } = await project.stackctl(['apply', '--yes'], helper);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/101/);
    expect(await picture(project)).toBe(before);
  });

  test('a plan shows what differs and where that is declared, and touches nothing', async () => {
    await using project = await reported('owner: "1000:1000", remove_before_start: [raft_state.json]');
    const before = await picture(project);
    const { exitCode, stdout, stderr } = await project.stackctl(['plan'], helper);
    expect(exitCode).toBe(0);
    const said = `${stdout}${stderr}`;
    expect(said).toMatch(
      /compose\.yaml:\d+:\d+: warning: volume t-\w+_data: owner 0:0 instead of 1000:1000, 6 of 6 entries differ, such as /,
    );
    expect(said).toMatch(/on_drift: fix, or once: stackctl volume fix data/);
    expect(lines(said, /file raft_state/)).toEqual([expect.stringMatching(/- file raft_state\.json = "3 B"/)]);
    expect((await project.stackctl(['drift'], helper)).exitCode).toBe(2);
    expect(await picture(project)).toBe(before);
  });

  test('apply gives the files to whom the service runs as, takes the stale file away, and there is nothing left to do', async () => {
    await using project = await reported(fixed);
    const planned = await project.stackctl(['plan'], helper);
    expect(lines(planned.stdout, /owner|raft_state/)).toEqual([
      expect.stringMatching(/volume .*_data will be updated in place \(because 6 of 6 entries differ, such as .*; files that are declared/),
      expect.stringMatching(/~ owner += "0:0" -> "1000:1000 \(image-user\)"/),
      expect.stringMatching(/- file raft_state\.json = "3 B"/),
    ]);
    const applied = await project.stackctl(['apply', '--yes'], helper);
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
    const now = await picture(project);
    expect(lines(now, /^\d+:\d+ /).map((line) => line.split(' ')[0])).toEqual(Array.from({ length: 5 }, () => '1000:1000'));
    expect(now).not.toContain('raft_state');
    expect(await standing(project)).toEqual([expect.stringMatching(/qdrant-1 \w+ running/), `${project.name}_data`]);
    expect((await project.stackctl(['plan', '--detailed-exitcode'], helper)).exitCode).toBe(0);
    expect((await project.stackctl(['drift'], helper)).exitCode).toBe(0);
  });

  test('a start that fails puts owner, mode and file back exactly', async () => {
    await using project = await reported(fixed);
    await project.write('compose.yaml', databaseOf({ options: fixed, version: 2 }));
    const before = [await picture(project), ...(await standing(project))];
    const { exitCode, stderr } = await project.stackctl(['apply', '--yes'], helper);
    expect(exitCode, stderr).toBe(3);
    expect([await picture(project), ...(await standing(project))]).toEqual(before);
  });

  test('where it runs, it is stopped for the work, and runs again as it did when the next version fails', async () => {
    await using project = await reported(fixed);
    expect(await project.stackctl(['apply', '--yes'], helper)).toMatchObject({ exitCode: 0 });
    await inVolume(
      project,
      'cd /place; echo 3 > collections/three; busybox chmod 666 collections/three; busybox chmod 666 collections/two; busybox chown 0:7 collections/two',
    );
    const before = [await picture(project), ...(await standing(project))];
    await project.write('compose.yaml', databaseOf({ options: fixed, version: 2 }));
    const failed = await project.stackctl(['apply', '--yes'], helper);
    expect(failed.exitCode, failed.stderr).toBe(3);
    expect([await picture(project), ...(await standing(project))]).toEqual(before);
    await project.write('compose.yaml', databaseOf({ options: fixed }));
    const mended = await project.stackctl(['apply', '--yes'], helper);
    expect(mended.exitCode, mended.stderr).toBe(0);
    expect(mended.stderr).toMatch(/stop container/);
    expect(await picture(project)).not.toMatch(/^0:/m);
    expect((await standing(project))[0]).toBe(before[1]);
  });
});
