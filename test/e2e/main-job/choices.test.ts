import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { asRolledBack, type Standing } from '../bad-days/standing.ts';
import { healthy, service, stack } from '../bad-days/stacks.ts';
import { containing } from '../bad-days/matching.ts';

const failing = 'healthcheck: { test: [CMD, "false"], interval: 100ms, retries: 1 }';

/** `lone` stands by itself, `web` on top of `db`; `of` adds lines to one of them. */
const text = (version: string, of: Record<string, readonly string[]> = {}): string => {
  const one = (name: string, ...more: readonly string[]): string => {
    const own = of[name] ?? [];
    return service(
      name,
      ...(own.some((line) => line.startsWith('healthcheck')) ? [] : [healthy]),
      `environment: { V: "${version}" }`,
      ...more,
      ...own,
    );
  };
  return stack(one('lone'), one('db'), one('web', 'depends_on: { db: { condition: service_healthy } }'));
};

/** "db=2 lone=1": which version of each service runs. */
function versions({ containers }: Standing): string {
  const running = Object.values(containers).filter(({ State, Name }) => State.Running && !Name.includes('.before-'));
  return running
    .map(({ Config }) => `${Config.Labels['com.docker.compose.service'] ?? ''}=${/V=(\d)/.exec(Config.Env.join())?.[1] ?? ''}`)
    .sort()
    .join(' ');
}

async function rigAt(first: string, then: string): Promise<Rig> {
  const rig = await createRig();
  await rig.up(first);
  await rig.write(then);
  return rig;
}

test('--target changes that service and what it needs, and nothing else', async () => {
  await using rig = await rigAt(text('1'), text('2'));
  expect(await rig.stackctl('apply --yes --target web')).toMatchObject({ exitCode: 0 });
  expect(versions(await rig.look())).toBe('db=2 lone=1 web=2');
  expect(await rig.stackctl('plan --detailed-exitcode --target web')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 2, stdout: containing('lone') });
  const wrong = await rig.stackctl('apply --yes --target wbe');
  expect(wrong).toMatchObject({ exitCode: 1 });
  expect(wrong.stdout + wrong.stderr).toMatch(/wbe[^]*web/);
});

test('--no-rollback leaves all as it stands and says so; mended, the next apply goes on', async () => {
  await using rig = await rigAt(text('1'), text('2', { web: [failing] }));
  const { bystander } = await rig.look();
  const ran = await rig.stackctl('apply --yes --no-rollback');
  expect(ran).toMatchObject({ exitCode: 4 });
  expect(ran.stderr).toMatch(/Failed: web[^]*left as it stands[^]*Next:/);
  expect((await rig.look()).bystander).toEqual(bystander);
  expect(versions(await rig.look())).toBe('db=2 lone=2 web=2');
  await rig.up(text('2'));
  const after = await rig.look();
  expect(Object.keys(after.containers).sort()).toEqual(['db', 'lone', 'web'].map((name) => `${rig.project.name}-${name}-1`));
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('failure_action pause starts nothing more and leaves all', async () => {
  await using rig = await rigAt(text('1'), text('2', { db: [failing, 'deploy: { update_config: { failure_action: pause } }'] }));
  const before = await rig.look();
  const ran = await rig.stackctl('apply --yes');
  expect(ran).toMatchObject({ exitCode: 4 });
  expect(ran.stderr).toMatch(/Failed: db/);
  expect(versions(await rig.look())).toMatch(/^db=2 lone=[12] web=1$/);
  expect((await rig.look()).bystander).toEqual(before.bystander);
  await rig.up(text('3'));
  expect(versions(await rig.look())).toBe('db=3 lone=3 web=3');
});

test('failure_action continue fails only what depends on it', async () => {
  await using rig = await rigAt(text('1'), text('2', { db: [failing, 'deploy: { update_config: { failure_action: continue } }'] }));
  const ran = await rig.stackctl('apply --yes');
  expect(ran).toMatchObject({ exitCode: 4 });
  expect(ran.stderr).toMatch(/Failed: db/);
  expect(versions(await rig.look())).toBe('db=2 lone=2 web=1');
  await rig.up(text('3'));
  expect(versions(await rig.look())).toBe('db=3 lone=3 web=3');
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
});

test('failure_action rollback, or none, takes the whole plan back', async () => {
  await using rig = await rigAt(text('1'), text('2', { web: [failing, 'deploy: { update_config: { failure_action: rollback } }'] }));
  const before = await rig.look();
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 3 });
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
});
