import { expect, test } from 'vitest';
import { createProject } from '../../kit/project.ts';
import { serviceText } from './field-row.ts';
import { looksOf, plannedChanges } from './story.ts';

/** Counts the SIGHUPs that it gets into a file, and ends at once when it is told to. */
const listening = `command: [sh, -c, 'trap "echo hup >> /tmp/hups" HUP; trap "exit 0" TERM; while :; do sleep 99999 & wait; done']`;

/** What becomes of a service when only the content of a file changed that it reads. */
const policies = [
  { name: 'recreate', policy: 'recreate', verb: 'replace', anew: true, restarted: true },
  { name: 'restart', policy: 'restart', verb: 'update', anew: false, restarted: true },
  { name: 'signal', policy: 'signal:SIGHUP', verb: 'update', anew: false, restarted: false },
  { name: 'ignore', policy: 'ignore', verb: undefined, anew: false, restarted: false },
] as const;

const sources = [
  { name: 'config', yaml: 'configs: [{ source: settings, target: /etc/settings }]' },
  { name: 'secret', yaml: 'secrets: [{ source: settings, target: /etc/settings }]' },
  { name: 'mount', yaml: 'volumes: ["./settings.txt:/etc/settings:ro"]' },
] as const;

const cases = policies.flatMap((policy) =>
  sources.map((source) => ({ ...policy, service: `${policy.name}-${source.name}`, yaml: source.yaml })),
);

test('the content of a file that a service reads changed', async () => {
  await using project = await createProject();
  const services = cases.map(({ service, yaml, policy }) =>
    serviceText(service, `${listening}\n${yaml}\nx-stack: { on_config_change: "${policy}", ready: [{ stable: 100ms }] }`),
  );
  const top = 'configs: { settings: { file: settings.txt } }\nsecrets: { settings: { file: settings.txt } }\n';
  await project.write('compose.yaml', `services:\n${services.join('')}${top}`);
  await project.write('settings.txt', 'first');
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(await project.stackctl(['plan', '--detailed-exitcode'])).toMatchObject({ exitCode: 0 });
  const before = await looksOf(project);

  await project.write('settings.txt', 'second');
  const planned = await plannedChanges(project);
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(await project.stackctl(['plan', '--detailed-exitcode'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No changes.'),
  });
  const after = await looksOf(project);

  for (const { service, verb, anew, restarted, name } of cases) {
    const field = {
      path: 'content./etc/settings',
      before: '(content before)',
      after: '(content changed)',
      cause: 'content',
      forces_replacement: anew,
    };
    const expected = verb === undefined ? [] : [{ verb, cause: 'content', fields: [field] }];
    expect(
      planned.filter((change) => change.service === service),
      service,
    ).toMatchObject(expected);
    expect(after[service]!.Id !== before[service]!.Id, service).toBe(anew);
    expect(after[service]!.State.StartedAt !== before[service]!.State.StartedAt, service).toBe(restarted);
    expect(await after[service]!.inside('cat', '/etc/settings'), service).toBe('second');
    if (name === 'signal') expect(await after[service]!.inside('cat', '/tmp/hups'), service).toBe('hup');
  }
});

test('what lies in the container itself is put into a new one, and no secret is told', async () => {
  await using project = await createProject();
  const text = (content: string): string => {
    const inner = `configs: [told]\nsecrets: [hidden]\nenvironment: { MINE: mine-${content} }\nx-stack: { on_config_change: restart, ready: [{ stable: 100ms }] }`;
    const top = `configs: { told: { content: "told ${content}" } }\nsecrets: { hidden: { environment: HIDDEN } }\nx-stack: { sensitive: [MINE] }\n`;
    return `services:\n${serviceText('inner', inner)}${top}`;
  };
  await project.write('compose.yaml', text('1'));
  expect(await project.stackctl(['apply', '--yes'], { env: { HIDDEN: 'hush-1' } })).toMatchObject({ exitCode: 0 });
  await project.write('compose.yaml', text('2'));
  const env = { HIDDEN: 'hush-2' };
  const fields = (await plannedChanges(project, env)).flatMap((change) => change.fields);
  expect(fields.map(({ path, before, after, cause }) => ({ path, before, after, cause }))).toEqual([
    { path: 'environment.MINE', before: { sensitive: true }, after: { sensitive: true }, cause: 'file' },
    { path: 'content./run/secrets/hidden', before: '(content before)', after: '(content changed)', cause: 'content' },
    { path: 'content./told', before: '(content before)', after: '(content changed)', cause: 'content' },
  ]);
  const said = [
    await project.stackctl(['plan'], { env }),
    await project.stackctl(['plan', '--json'], { env }),
    await project.stackctl(['apply', '--yes'], { env }),
  ];
  expect(said.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(JSON.stringify(said)).not.toMatch(/hush-|mine-/);
  expect(await project.stackctl(['plan', '--detailed-exitcode'], { env })).toMatchObject({ exitCode: 0 });
  const { inner } = await looksOf(project);
  expect(await inner!.inside('sh', '-c', 'cat /told /run/secrets/hidden; echo $MINE')).toBe('told 2hush-2mine-2');
});
