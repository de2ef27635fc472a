import { expect, test } from 'vitest';
import { leaks } from '../../kit/canaries.ts';
import { createCanaryRig } from './canary-rig.ts';
import { scenes, watchedRemoval } from './canary-scenes.ts';

test('no command tells a sensitive value, in any of its forms, whatever has happened to the stack', { timeout: 600_000 }, async () => {
  await using stage = await createCanaryRig();
  const { rig, told, run } = stage;
  for (const { version, happens, watches = [], runs, env } of scenes) {
    await happens?.(stage);
    for (const words of watches) await watchedRemoval(stage, words);
    const more = await env?.(stage);
    for (const [words, exitCode] of runs) await run(words.replace('$PROJECT', rig.project.name), version, exitCode, more);
  }
  await stage.keepFiles();
  const notes = [...told.keys()].filter((what) => what.startsWith('note'));
  expect(notes.length).toBeGreaterThan(1);
  expect(leaks(told)).toEqual([]);
});

test('config prints what the files say, as Compose does, and nothing of what they only point at', async () => {
  await using stage = await createCanaryRig();
  await stage.write('1');
  for (const words of ['config', 'config --json', 'config --no-interpolate', 'config --no-interpolate --json'])
    await stage.run(words, '1', 0);
  const told = new Set(leaks(stage.told).map((leak) => leak.replace(/ in .*/, '')));
  const said = ['env', 'env_file', 'listed', 'url', 'label', 'build_arg', 'healthcheck', 'command', 'hook'];
  expect([...told].filter((place) => !said.includes(place))).toEqual([]);
});
