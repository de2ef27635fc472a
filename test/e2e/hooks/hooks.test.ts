import { chmod, mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { service, stack } from '../bad-days/stacks.ts';
import { asRolledBack } from '../bad-days/standing.ts';
import { compose } from '../fields/story.ts';

/** A hook that writes a line into the folder "log" of the project. */
const says = (line: string, then = 'true'): string => `{ command: [sh, -c, 'echo "${line}" >> /log/lines; ${then}'] }`;

const quick = 'x-stack: { ready: [{ stable: 100ms }], timeout: { ready: 2s } }';

async function rigWithLog(): Promise<Rig> {
  const rig = await createRig();
  const folder = join(rig.project.folder, 'log');
  await mkdir(folder);
  await chmod(folder, 0o777); // a hook may run as another user
  return rig;
}

const linesOf = async ({ project }: Rig): Promise<string[]> =>
  (await readFile(join(project.folder, 'log/lines'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

const web = (version: string, ...lines: readonly string[]): string =>
  service('web', `environment: { V: "${version}" }`, 'volumes: ["./log:/log"]', quick, ...lines);

test('post_start runs in order before dependants start, pre_stop before the stop of a replacement and of down', async () => {
  await using rig = await rigWithLog();
  const hooks = (version: string): string[] => [
    'post_start:',
    `  - { command: 'sh -c "sleep 0.3; echo up ${version} $$(id -u) $$(pwd) $$V $$MORE >> /log/lines"', user: "1000", working_dir: /tmp, environment: { MORE: m } }`,
    `  - ${says('second')}`,
    `pre_stop: [${says(`down ${version}`)}]`,
  ];
  const dependant = service(
    'dependant',
    `command: [sh, -c, 'echo dependant >> /log/lines; trap "exit 0" TERM; sleep 99999 & wait']`,
    'volumes: ["./log:/log"]',
    quick,
    'depends_on: [web]',
  );
  const text = (version: string): string => stack(web(version, ...hooks(version)), dependant);
  await rig.up(text('1'));
  expect(await linesOf(rig)).toEqual(['up 1 1000 /tmp 1 m', 'second', 'dependant']);
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });

  await rig.write(text('1').replace('down 1', 'down better').replace('MORE: m', 'MORE: n'));
  const planned = await rig.stackctl('plan --detailed-exitcode');
  expect(planned.exitCode).toBe(2);
  expect(planned.stdout).toMatch(/post_start\.0\.environment\.MORE += "m" -> "n" .*# forces replacement/);
  expect(planned.stdout).toMatch(/pre_stop\.0\.command[^]*down better/);
  expect(await rig.stackctl('apply --yes')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
  // The old container has run its own hook, the new one the new ones
  expect((await linesOf(rig)).slice(3)).toEqual(['down 1', 'up 1 1000 /tmp 1 n', 'second']);

  await rig.write(stack(web('1', ...hooks('1').slice(0, 2)), dependant));
  expect((await rig.stackctl('apply --yes')).exitCode).toBe(0);
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
  expect((await linesOf(rig)).slice(6)).toEqual(['down better', 'up 1 1000 /tmp 1 m']);

  await rig.up(text('1'));
  const down = await rig.stackctl('down --yes');
  expect(down, down.stderr).toMatchObject({ exitCode: 0 });
  expect((await linesOf(rig)).at(-1)).toBe('down 1');
}, 60_000);

test('a failing post_start hook rolls everything back, says what it printed, and the old container gets its own hooks again', async () => {
  await using rig = await rigWithLog();
  const secret = (hook: string): string => hook.replace(' }', ', environment: { PASSWORD: letmein } }');
  await rig.up(stack(web('1', `post_start: [${secret(says('old $$PASSWORD'))}]`)));
  const before = await rig.look();
  await rig.write(stack(web('2', `post_start: [${secret(says('new $$PASSWORD', 'echo the schema is old; echo $$PASSWORD; exit 7'))}]`)));
  const ran = await rig.stackctl('apply --yes');
  expect(ran.exitCode, ran.stderr).toBe(3);
  expect(ran.stderr).toMatch(/Failed: web: start container \S+-web-1 [^]*its post_start hook "sh -c [^]* ended with code 7/);
  expect(ran.stderr).toMatch(/hook printed +\| the schema is old\n +\| \(sensitive\)/);
  expect(ran.stderr).toMatch(/Rolled back \(verified\)/);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
  expect(await linesOf(rig)).toEqual(['old letmein', 'new letmein', 'old letmein']);
  expect(`${ran.stdout}${ran.stderr}${JSON.stringify(await rig.project.containers())}${await stateOf(rig)}`).not.toContain('letmein');
}, 60_000);

/** All that is kept of past and unfinished runs. */
async function stateOf({ project }: Rig): Promise<string> {
  const folder = join(project.folder, '.state');
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
  const all = (await Promise.all(texts)).join('\n');
  expect(all).toContain('post_start');
  return all;
}

test('a value that no file has any more is said to be missing, and nothing else is held up by it', async () => {
  await using rig = await rigWithLog();
  const hook = (password: string): string =>
    `pre_stop: [${says('down $$PASSWORD').replace(' }', `, environment: { PASSWORD: ${password} } }`)}]`;
  await rig.up(stack(web('1', hook('letmein'))));
  await rig.write(stack(web('1', hook('another'))));
  const planned = await rig.stackctl('plan --detailed-exitcode');
  expect(planned.stdout).toMatch(/pre_stop\.0\.environment\.PASSWORD = \(sensitive\) -> \(sensitive, changed\)/);
  expect(await rig.stackctl('plan --out plan.json')).toMatchObject({ exitCode: 0 });
  const ran = await rig.stackctl('apply plan.json --yes');
  expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
  expect(ran.stderr).toMatch(
    /Warning: [^]*pre_stop hook [^]* needs a sensitive value that no file has any more; it was stopped all the same/,
  );
  expect(await linesOf(rig)).toEqual([]);
}, 60_000);

test('a pre_stop hook that fails is a warning, and the container stops', async () => {
  await using rig = await rigWithLog();
  await rig.up(stack(web('1', `pre_stop: [${says('down', 'echo cannot say goodbye; exit 4')}, ${says('never')}]`)));
  const down = await rig.stackctl('down --yes');
  expect(down, down.stderr).toMatchObject({ exitCode: 0 });
  expect(down.stderr).toMatch(/Warning: [^]*pre_stop hook 1 of 2, [^]*ended with code 4 and printed: cannot say goodbye/);
  expect(await linesOf(rig)).toEqual(['down']);
  expect(await rig.project.containers()).toEqual({});
}, 60_000);

test('a hook that hangs ends at its deadline: post_start fails the service, pre_stop holds up no stop', async () => {
  await using rig = await rigWithLog();
  const hangs = `{ command: [sleep, "99999"] }`;
  await rig.up(stack(web('1')));
  const before = await rig.look();
  await rig.write(stack(web('2', `post_start: [${hangs}]`)));
  const ran = await rig.stackctl('apply --yes');
  expect(ran.exitCode, ran.stderr).toBe(3);
  expect(ran.stderr).toMatch(/its post_start hook "sleep 99999" had not ended after 2 s/);
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));

  const short = quick.replace('ready: 2s', 'ready: 2s, stop: 1s');
  await rig.up(stack(web('3', `pre_stop: [${hangs}]`).replace(quick, short)));
  const down = await rig.stackctl('down --yes');
  expect(down, down.stderr).toMatchObject({ exitCode: 0 });
  expect(down.stderr).toMatch(/Warning: [^]*its pre_stop hook "sleep 99999" had not ended after 1 s/);
}, 60_000);

test('Ctrl-C during a hook walks back at once', async () => {
  await using rig = await rigWithLog();
  await rig.up(stack(web('1')));
  const before = await rig.look();
  await rig.write(
    stack(web('2', `post_start: [{ command: [sh, -c, 'echo hangs >> /log/lines; sleep 99999'] }]`).replace('ready: 2s', 'ready: 90s')),
  );
  const started = rig.start('apply --yes');
  await expect.poll(() => linesOf(rig), { timeout: 20_000 }).toEqual(['hangs']);
  started.signal('SIGINT');
  expect(await started.ended).toMatchObject({ exitCode: 130 });
  expect(asRolledBack(await rig.look())).toEqual(asRolledBack(before));
}, 60_000);

test('a stack that Compose made is adopted as it is, and stops with the hooks of its file', async () => {
  await using rig = await rigWithLog();
  await rig.write(stack(web('1', `post_start: [${says('up')}]`, `pre_stop: [${says('down')}]`)));
  expect(await compose(rig.project, ['up', '-d'])).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('plan --detailed-exitcode')).toMatchObject({ exitCode: 0 });
  expect(await rig.stackctl('down --yes')).toMatchObject({ exitCode: 0 });
  expect(await linesOf(rig)).toEqual(['up', 'down']);
}, 60_000);

test('import writes the hooks that a container keeps, and says which value nobody has', async () => {
  await using rig = await rigWithLog();
  const { project } = rig;
  const hook = `{ command: [sh, -c, 'echo "$$PASSWORD"'], user: "1000", environment: { PASSWORD: letmein } }`;
  await rig.up(stack(web('1', `post_start: [${hook}]`, `pre_stop: [${says('down')}]`)));
  await project.write('imported/keep', '');
  const imported = await rig.stackctl(`import --project ${project.name} --out imported/compose.yaml`);
  expect(imported, imported.stderr).toMatchObject({ exitCode: 0 });
  expect(imported.stderr).toContain('no engine keeps the value of WEB_POST_START_PASSWORD');
  const cwd = join(project.folder, 'imported');
  const planned = await rig.stackctl('plan --detailed-exitcode', { cwd, env: { WEB_POST_START_PASSWORD: 'letmein' } });
  expect(planned, planned.stdout).toMatchObject({ exitCode: 0 });
}, 60_000);
