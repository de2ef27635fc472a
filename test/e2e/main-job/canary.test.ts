import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canary, leaks } from '../../kit/canaries.ts';
import { createRig } from '../bad-days/rig.ts';
import { createCanaryRig } from './canary-rig.ts';
import { start } from '../bad-days/started.ts';
import { healthy, service, stack } from '../bad-days/stacks.ts';
import { holding } from '../bad-days/matching.ts';

/** Each kind of secret has a word of its own, so that a leak says whose it is. */
const canaries = ['canary-of-env', 'canary-of-file', 'canary-of-config', 'canary-of-url', 'canary-of-list', 'canary-of-arg'];

const text = (version: string, check = healthy): string => `x-stack: { sensitive: [PLAIN] }
${stack(
  service(
    'web',
    check,
    `environment: { V: "${version}", DB_PASSWORD: canary-of-env-${version}, PLAIN: canary-of-list-${version}, DATABASE_URL: "postgres://app:canary-of-url-${version}@db/app" }`,
    'secrets: [token]',
    'configs: [{ source: settings, target: /etc/settings }]',
    `labels: { API_TOKEN: canary-of-arg-${version} }`,
  ),
)}secrets: { token: { file: token.txt } }
configs: { settings: { environment: SETTINGS } }
`;

test('no sensitive value reaches a screen, a plan, a journal, a state file, a note, a label or an argument', async () => {
  await using stage = await createCanaryRig();
  const { rig, told, run, write } = stage;
  const { project } = rig;
  await write('1');
  await run('plan --verbose --out first.plan', '1', 0);
  await run('apply --yes --json first.plan', '1', 0);
  for (const words of [
    'plan',
    'plan --json',
    'status',
    'status --json',
    'drift',
    'drift --json',
    'lint',
    'lint --json',
    'validate',
    'config --settings',
  ])
    await run(words, '1', words.startsWith('lint') ? 2 : 0);
  await write('2');
  const changed = await run('plan --verbose --out second.plan', '2', 0);
  await run('plan --json', '2', 0);
  await run('apply --yes', '2', 0);
  await run('rollback --yes', '2', 1);
  await write('3', false);
  await run('apply --yes', '3', 3);
  await run('apply --yes --json', '3', 3);
  for (const words of ['history', 'history --json', 'recover --json', 'recover', 'unlock']) await run(words, '3', 0);
  for (const number of [1, 2, 3, 4]) for (const how of ['', ' --json']) await run(`history show ${number}${how}`, '3', 0);
  const { containers } = await rig.look();
  const labels = Object.values(containers).map(({ Config }) => Object.entries(Config.Labels).filter(([key]) => key !== 'API_TOKEN'));
  told.set('labels', JSON.stringify(labels));
  const elsewhere = stack(service('web', 'pull_policy: always')).replace('stackctl/busybox:1', '127.0.0.1:9/web:1');
  await rig.write(`x-stack: { sensitive: [MY_PIN] }\n${elsewhere}`);
  await run('apply --yes --pull', '3', 1);
  await run('down --yes --json', '3', 0);

  const kept = await stage.keepFiles();
  expect(kept.join()).toMatch(/second\.plan[^]*journal|journal[^]*second\.plan/);
  expect([...told.keys()].filter((what) => what.startsWith('note')).length).toBeGreaterThan(1);
  expect(leaks(told)).toEqual([]);
  // Not shown is not the same as not told: that they change is
  expect(changed).toMatch(/DB_PASSWORD +=.*\(sensitive, changed\)/);
  for (const name of ['first.plan', 'second.plan']) expect((await stat(join(project.folder, name))).mode & 0o777).toBe(0o600);
  // ... and they do arrive
  expect(Object.values(containers)[0]?.Config.Env).toEqual(
    holding([`DB_PASSWORD=${canary('env', '2')}`, `FILE_TOKEN=${canary('env_file', '2')}`]),
  );
});

test('a health check that prints a password does not put it on the screen', async () => {
  await using rig = await createRig();
  const check = 'healthcheck: { test: [CMD-SHELL, "echo $$DB_PASSWORD; exit 1"], interval: 100ms, retries: 1 }';
  await rig.write(
    stack(
      service(
        'web',
        check,
        'environment: { DB_PASSWORD: canary-of-env }',
        `command: [sh, -c, 'echo the password is $$DB_PASSWORD; trap "exit 0" TERM; sleep 9999 & wait']`,
      ),
    ),
  );
  const ran = await rig.stackctl('apply --yes');
  expect(ran.exitCode).toBe(3);
  expect(ran.stdout + ran.stderr).not.toContain('canary-of-env');
});

test('the argument lists of all processes that it starts hold no secret', async () => {
  await using rig = await createRig();
  const { project } = rig;
  await rig.write(text('1'));
  await project.write('token.txt', 'canary-of-file-1\n');
  const env = {
    DOCKER_HOST: rig.proxy.dockerHost,
    XDG_STATE_HOME: join(project.folder, '.state'),
    COMPOSE_PROJECT_NAME: project.name,
    SETTINGS: 'canary-of-config-1',
  };
  const seen: string[] = [];
  rig.proxy.before({}, async () => {
    seen.push(...(await argumentsBelow(run.pid)));
  });
  const run = start(['apply', '--yes', '--json'], { cwd: project.folder, env });
  expect(await run.ended).toMatchObject({ exitCode: 0 });
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((line) => canaries.some((word) => line.includes(word)))).toEqual([]);
});

async function argumentsBelow(pid: number): Promise<string[]> {
  const own = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => argumentsBelow(Number(child))),
  );
  return [own, ...below.flat()];
}
