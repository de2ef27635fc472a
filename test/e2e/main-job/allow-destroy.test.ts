import { expect, test } from 'vitest';
import { containing } from '../bad-days/matching.ts';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { service, stack } from '../bad-days/stacks.ts';

/** Two services on one network; `web` may have more to say. */
const text = (internal: boolean, ...more: readonly string[]): string =>
  stack(service('db', 'networks: { back: { aliases: [store] } }'), service('web', 'networks: [back]', 'depends_on: [db]', ...more)) +
  `networks: { back: { internal: ${String(internal)}, labels: { keep: "me" } } }\n`;

const networkOf = ({ project }: Rig) => project.docker.getNetwork(`${project.name}_back`).inspect();
const ids = async ({ project }: Rig): Promise<string[]> =>
  Object.values(await project.containers())
    .map(({ Id, State }) => `${Id} ${State.Status}`)
    .sort();
const aliases = async ({ project }: Rig): Promise<readonly string[]> =>
  (await project.containers())[`${project.name}-db-1`]!.NetworkSettings.Networks[`${project.name}_back`]?.Aliases ?? [];

test('a network is made anew only when it is named; then everybody is on the new one', async () => {
  await using rig = await createRig();
  await rig.up(text(false));
  await rig.write(text(true));
  const [before, network] = [await ids(rig), await networkOf(rig)];
  const refused = await rig.stackctl('apply --yes');
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout + refused.stderr).toMatch(/internal false instead of true[^]*--allow-destroy network\/back/);
  expect([await ids(rig), (await networkOf(rig)).Id]).toEqual([before, network.Id]);

  const planned = await rig.stackctl('plan --allow-destroy network/back');
  expect(planned).toMatchObject({ exitCode: 0, stdout: containing('not its id, nor the addresses on it') });
  expect(await rig.stackctl('apply --yes --allow-destroy network/back')).toMatchObject({ exitCode: 0 });
  expect(await networkOf(rig)).toMatchObject({ Internal: true, Labels: { keep: 'me' } });
  expect(await aliases(rig)).toContain('store');
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('a release that fails brings the network back as it was, with the same containers on it', async () => {
  await using rig = await createRig();
  await rig.up(text(false));
  const before = await ids(rig);
  await rig.write(text(true, 'command: [sh, -c, "exit 4"]'));
  const ran = await rig.stackctl('apply --yes --allow-destroy network/back');
  expect(ran).toMatchObject({ exitCode: 3, stderr: containing('Rolled back (verified)') });
  expect(await ids(rig)).toEqual(before);
  const { Id, Internal, Labels } = await networkOf(rig);
  expect({ Internal, Labels }).toMatchObject({ Internal: false, Labels: { keep: 'me' } });
  for (const { Name, NetworkSettings } of Object.values(await rig.project.containers())) {
    expect(NetworkSettings.Networks[`${rig.project.name}_back`]?.NetworkID, Name).toBe(Id);
  }
  expect(await aliases(rig)).toContain('store');
  await rig.write(text(false));
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('a volume that the stack does not have is refused: a typo is no yes', async () => {
  await using rig = await createRig();
  await rig.write(text(false));
  const ran = await rig.stackctl('apply --yes --allow-destroy volume/data');
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout + ran.stderr).toContain('--allow-destroy volume/data: the stack has no such volume');
});
