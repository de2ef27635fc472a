import { beforeAll, describe, expect, test } from 'vitest';
import { createProject, type Ran } from '../../kit/project.ts';
import { createBeside } from './beside.ts';
import { driftRows as rows } from './drift-rows.ts';
import { serviceText } from './field-row.ts';
import { bringUp, looksOf, plannedChanges, settle, type ChangeJson, type Maker } from './story.ts';

const onNetworks = rows.filter(({ yaml }) => yaml.startsWith('networks:'));
const text = `services:\n${rows.map((row) => serviceText(row.name, row.yaml, onNetworks.includes(row) ? ['network_mode'] : [])).join('')}networks: { lonely: , left: }\n`;

interface Drifted {
  readonly planned: readonly ChangeJson[];
  readonly applied: Ran;
  readonly after: Ran;
  readonly seen: Readonly<Record<string, unknown>>;
  readonly anew: Readonly<Record<string, boolean>>;
}

describe.each(['stackctl', 'compose'] as const)('made by %s', (maker) => {
  let drifted: Drifted;
  beforeAll(async () => {
    drifted = await drift(maker);
  }, 180_000);

  test('is mended: the plan is empty again', () => {
    expect(drifted.applied, drifted.applied.stderr).toMatchObject({ exitCode: 0 });
    expect(drifted.after).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
  });

  test.each(rows)('$name', (row) => {
    const { verb, fields = [], causeOfAdopted } = row.planned;
    const cause = (maker === 'compose' ? causeOfAdopted : undefined) ?? row.planned.cause ?? 'drift';
    const expected = fields.map(([path, before, after]) => ({
      path,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      cause,
      forces_replacement: verb === 'replace',
    }));
    expect(drifted.planned.filter(({ service }) => service === row.name)).toMatchObject([
      // What a new container is made of is another test's
      { verb, cause, ...(verb !== 'create' && { fields: expected }) },
    ]);
    expect(drifted.seen[row.name]).toEqual(row.seen);
    expect(drifted.anew[row.name], 'a new container').toBe(row.anew ?? false);
  });
});

async function drift(maker: Maker): Promise<Drifted> {
  await using project = await createProject();
  await using _beside = await createBeside(project);
  await project.write('compose.yaml', text.replaceAll('PROJECT', project.name));
  const made = await bringUp(maker, project);
  if (made.exitCode !== 0) throw new Error(made.stderr);
  const before = await looksOf(project);
  await Promise.all(rows.map(({ name, disturb }) => disturb(project.docker.getContainer(before[name]!.Id), project)));
  const planned = await plannedChanges(project);
  const applied = await project.stackctl(['apply', '--yes']);
  const after = await project.stackctl(['plan', '--detailed-exitcode']);
  const looks = await looksOf(project);
  const seen = await Promise.all(
    rows.map(async ({ name, see }) => [name, settle(project, looks[name] && (await see(looks[name])))] as const),
  );
  const anew = rows.map(({ name }) => [name, looks[name]?.Id !== before[name]?.Id] as const);
  return { planned, applied, after, seen: Object.fromEntries(seen), anew: Object.fromEntries(anew) };
}
