import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { asRolledBack } from '../bad-days/standing.ts';
import { pair } from '../bad-days/stacks.ts';
import { matching } from '../bad-days/matching.ts';

const bin = process.env['STACKCTL_TEST_BIN'] ?? join(import.meta.dirname, '../../../dist/stackctl.js');

/** Runs stackctl on a terminal; `deeds` as `at-terminal.py` knows them. */
async function atTerminal(
  { project, proxy }: Rig,
  words: readonly string[],
  deeds: readonly string[],
): Promise<{ exitCode: number | undefined; screen: string }> {
  const env = {
    DOCKER_HOST: proxy.dockerHost,
    XDG_STATE_HOME: join(project.folder, '.state'),
    COMPOSE_PROJECT_NAME: project.name,
    TERM: 'xterm',
    CI: '',
  };
  const ran = await execa('python3', [join(import.meta.dirname, 'at-terminal.py'), process.execPath, bin, ...words], {
    cwd: project.folder,
    env,
    input: deeds.join('\n'),
    reject: false,
  });
  return { exitCode: ran.exitCode, screen: stripVTControlCharacters(ran.stdout + ran.stderr) };
}

/** A service that never becomes ready, so that there is time to press Ctrl-C. */
const never = 'healthcheck: { test: [CMD, "false"], interval: 60s }';

test.each([
  ['yes', 0, /Everything is ready/],
  ['no', 1, /Nothing was touched/],
  ['', 1, /Nothing was touched/],
  ['y', 1, /Nothing was touched/],
])('asked, "%s" is answered: exit code %i', async (answer, exitCode, says) => {
  await using rig = await createRig();
  await rig.write(pair('1'));
  const before = await rig.look();
  const ran = await atTerminal(rig, ['apply'], ['wait Only "yes" is taken for yes:', `type ${answer}`]);
  expect(ran).toMatchObject({ exitCode, screen: matching(says) });
  const after = await rig.look();
  expect(Object.keys(after.containers)).toHaveLength(exitCode === 0 ? 2 : 0);
  if (exitCode !== 0) expect(after).toEqual(before);
});

test('Ctrl-C at the question touches nothing', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  const before = await rig.look();
  await rig.write(pair('2'));
  expect(await atTerminal(rig, ['apply'], ['wait Only "yes" is taken for yes:', 'ctrl-c'])).toMatchObject({ exitCode: 130 });
  expect(await rig.look()).toEqual(before);
});

test('Ctrl-C while the live list is on the screen walks back and ends with 130', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  const before = await rig.look();
  await rig.write(pair('2', never));
  const ran = await atTerminal(rig, ['apply', '--yes'], ['wait its health check has not passed yet', 'ctrl-c']);
  expect(ran).toMatchObject({ exitCode: 130, screen: matching(/Interrupted[^]*Rolled back \(verified\)/) });
  // Once, in the list itself: when that has ended there is nothing left to stop
  expect(ran.screen.slice(ran.screen.lastIndexOf('Interrupted'))).not.toMatch(/Ctrl-C again/);
  expect(ran.screen).toMatch(/press Ctrl-C again to stop at once/);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});

test('on a terminal the end is told after the live list, with the cause', async () => {
  await using rig = await createRig();
  await rig.up(pair('1'));
  await rig.write(pair('2', 'command: [sh, -c, "echo no such table; exit 4"]'));
  const ran = await atTerminal(rig, ['apply', '--yes'], []);
  expect(ran).toMatchObject({
    exitCode: 3,
    screen: matching(/Failed: web: [^]*code 4[^]*no such table[^]*Rolled back \(verified\)[^]*Next:/),
  });
});
