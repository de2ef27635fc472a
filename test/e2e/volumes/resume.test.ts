import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rawTar } from '../../kit/tar-texts.ts';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { service, stack } from '../bad-days/stacks.ts';
import { asRolledBack } from '../bad-days/standing.ts';
import { inHelper } from './in-helper.ts';

// Whatever is run here works in volumes with it
process.env['STACKCTL_HELPER_IMAGE'] = 'stackctl/helper:1';

const text = stack(service('db', 'volumes: ["data:/data"]')) + 'volumes: { data: {} }\n';

async function made(): Promise<Rig> {
  const rig = await createRig();
  await rig.up(text);
  await inHelper(rig.project.docker, `${rig.project.name}_data`, ['sh', '-c', 'echo old > /volume/line']);
  const tar = rawTar([
    { name: './', flag: '5', mode: 0o755 },
    { name: './line', content: Buffer.from('new\n') },
  ]);
  await writeFile(join(rig.project.folder, 'in.tar'), tar);
  return rig;
}

const line = ({ project }: Rig): Promise<string> => inHelper(project.docker, `${project.name}_data`, ['cat', '/volume/line']);

test.each([
  ['a restore', 'volume restore data --yes --json --from-file in.tar', 'new'],
  ['a backup', 'volume backup --yes --json', 'old'],
])('%s that was killed is not gone on with: recover goes back, and it is done again', async (_, words, after) => {
  await using rig = await made();
  const before = asRolledBack(await rig.look());
  const run = rig.start(words);
  await run.until(({ id = '', ...more }) => id.startsWith('container.stop') && 'outcome' in more);
  run.signal('SIGKILL');
  await run.ended;

  const resumed = await rig.stackctl('recover --resume --yes --lock-timeout 15s');
  expect(resumed).toMatchObject({ exitCode: 1 });
  expect(resumed.stderr).toMatch(/the interrupted run worked on a volume[^]*stackctl recover goes back/);
  expect(await rig.stackctl('recover --yes --lock-timeout 15s')).toMatchObject({ exitCode: 0 });
  expect(asRolledBack(await rig.look())).toEqual(before);
  expect((await line(rig)).trim()).toBe('old');

  const again = await rig.stackctl(words);
  expect(again, again.stderr).toMatchObject({ exitCode: 0 });
  expect((await line(rig)).trim()).toBe(after);
});
