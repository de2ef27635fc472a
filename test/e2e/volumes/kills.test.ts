import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { databaseOf, filledVolume, helper, inVolume, standing } from './vector-database.ts';

const bin = process.env['STACKCTL_TEST_BIN'] ?? new URL('../../../dist/stackctl.js', import.meta.url).pathname;
const options = 'owner: image-user, on_drift: fix, remove_before_start: [raft_state.json]';

/** Many small files, so that the work in the volume takes long enough to be met in the middle. */
const manyFiles =
  'cd /place; echo "{}" > raft_state.json; for d in a b c d; do mkdir $d; for i in $(busybox seq 700); do : > $d/$i; done; done';

/** Every owner, mode and size, in one sum. */
const owners = (project: Project): Promise<string> =>
  inVolume(project, 'cd /place; busybox find . -exec busybox stat -c "%u:%g %f %s %n" {} + | busybox sort | busybox md5sum');

async function reported(): Promise<Project> {
  const project = await createProject();
  await project.write('compose.yaml', databaseOf({ options }));
  await filledVolume(project, manyFiles);
  return project;
}

/** Starts an apply, and does this when it says that the step has begun. */
async function applyUntil(project: Project, step: RegExp, then: (pid: number) => Promise<void>): Promise<void> {
  const env = {
    ...helper.env,
    DOCKER_HOST: process.env['DOCKER_HOST'] ?? '',
    XDG_STATE_HOME: `${project.folder}/.state`,
    COMPOSE_PROJECT_NAME: project.name,
  };
  const running = execa(process.execPath, [bin, 'apply', '--yes', '--progress', 'plain'], { cwd: project.folder, env, reject: false });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    running.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (step.test(said)) resolve();
    });
    void running.then(() => reject(new Error(`it ended before: ${said}`)));
  });
  if (running.pid === undefined) throw new Error('it has no process');
  await then(running.pid);
  await running;
}

/** The helpers that work now, by their label. */
const helpers = (project: Project) =>
  project.docker
    .listContainers({ filters: { label: ['io.stackctl.helper'] } })
    .then((all) => all.filter(({ State }) => State === 'running'));

async function someHelper(project: Project): Promise<string> {
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    const [found] = await helpers(project);
    if (found) return found.Id;
  }
  throw new Error('no helper came up');
}

const steps = [
  ['volume.own', /start +give the files in volume/],
  ['volume.remove-files', /start +remove raft_state.json from volume/],
] as const;

test.each(steps)('%s: stackctl is killed in the middle, and recover puts everything back', async (_kind, step) => {
  await using project = await reported();
  const before = [await owners(project), ...(await standing(project))];
  await applyUntil(project, step, async (pid) => {
    await someHelper(project);
    process.kill(pid, 'SIGKILL');
  });
  const recovered = await project.stackctl(['recover', '--yes'], helper);
  expect(recovered.exitCode, recovered.stderr).toBe(0);
  expect([await owners(project), ...(await standing(project))]).toEqual(before);
  expect(await helpers(project)).toEqual([]);
  const applied = await project.stackctl(['apply', '--yes'], helper);
  expect(applied.exitCode, applied.stderr).toBe(0);
});

test.each(steps)('%s: the helper is killed in the middle, and the apply goes back by itself', async (_kind, step) => {
  await using project = await reported();
  const before = [await owners(project), ...(await standing(project))];
  await applyUntil(project, step, async () => {
    const id = await someHelper(project);
    await project.docker
      .getContainer(id)
      .kill()
      .catch(() => undefined);
  });
  // It may have been over by then
  const there = await standing(project);
  if (there.length > before.length - 1) return;
  expect([await owners(project), ...there]).toEqual(before);
});

test('killed, and gone on with: what the first run kept is gone when all is done', async () => {
  await using project = await reported();
  await applyUntil(project, steps[0][1], async (pid) => {
    await someHelper(project);
    process.kill(pid, 'SIGKILL');
  });
  const resumed = await project.stackctl(['recover', '--resume', '--yes'], helper);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(await standing(project)).toEqual([expect.stringMatching(/qdrant-1 \w+ running/), `${project.name}_data`]);
  expect(await inVolume(project, 'cd /place; busybox find . -user 0 | busybox head -3; ls raft_state.json 2>/dev/null || echo gone')).toBe(
    'gone\n',
  );
});
