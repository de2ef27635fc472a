import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtInHelperImage } from '../../src/model/helper-image.ts';
import { commands } from '../../src/commands/command-list.ts';
import { commandHelp, helpText } from '../../src/commands/help.ts';
import { containing, matching, folderWith, say } from './kit.ts';

const web =
  'name: shop\nservices:\n  web:\n    image: nginx:1\n    profiles: [p]\n  db:\n    image: redis:7\n    command: ["echo", "yes", "1:30", "$$HOME"]\n';

describe('help', () => {
  it('fits a terminal', () => {
    const texts = [helpText(), ...commands.map((command) => commandHelp(command, command.name))];
    expect(texts.flatMap((text) => text.split('\n')).filter((line) => line.length > 130 || line !== line.trimEnd())).toEqual([]);
  });

  it('names every command', () => {
    for (const { name, summary } of commands)
      expect(helpText()).toMatch(new RegExp(`^ {2}${name}.*${summary.replaceAll(/[.*+?()]/g, '\\$&')}$`, 'm'));
  });

  it('reads like this', () => {
    const plan = commandHelp(commands[0]!, 'plan');
    expect(plan.replace(/Flags of every command:[\s\S]*?\n\n/, '').replace(/ {2}stackctl plan --(?:out|det).*\n/g, ''))
      .toBe(`Show what apply would do, and why; touch nothing.

Usage:
  stackctl plan [FLAGS] [SERVICE...]

Arguments:
  SERVICE  Only these services and what they need

Flags:
      --out FILE                Save the plan, for stackctl apply FILE
      --detailed-exitcode       Exit with 2 when there is something to do
      --target SERVICE          Only this service and what it needs (may be repeated)
      --no-deps                 Leave out what the chosen services need
      --build                   Build images again
      --pull[=POLICY]           When to ask the registry for images (always, missing, never; alone: always)
      --frozen                  Refuse unless stack.lock.yaml has every image
      --force-recreate          Replace containers that are as they should be
      --remove-orphans          Also remove what other stack files declared
      --allow-destroy RESOURCE  volume/NAME or network/NAME: may be replaced with all that is in it (may be repeated)
      --verbose                 Show every step and every field

Examples:
  stackctl plan                                              compare the stack found here with the engine

Exit codes:
  0    done, or nothing to do
  1    problems; nothing was touched
  2    there is something to do (with --detailed-exitcode)
  70   a bug in stackctl
  130  interrupted
`);
  });

  it.each([
    ['help apply', 0, 'Make it so'],
    ['help ps', 0, 'stackctl status: the same'],
    ['help', 0, 'Commands:'],
  ])('%s', async (words, code, part) => {
    expect(await say(words, { cwd: '/' })).toMatchObject({ code, stdout: containing(part), stderr: '' });
  });

  it('does not know every word', async () => {
    expect(await say('help aply', { cwd: '/' })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: containing('did you mean "stackctl apply"?'),
    });
  });
});

describe('version', () => {
  it('is a line', async () => {
    expect((await say('version', { cwd: '/' })).stdout).toMatch(/^stackctl \S+ \(Node [\d.]+, \w+\/\w+\)\n$/);
  });

  it('is data', async () => {
    const { stdout } = await say('version --json', { cwd: '/' });
    expect(JSON.parse(stdout)).toMatchObject({ format_version: '1.0', stackctl: matching(/./), node: process.versions.node });
  });
});

describe('validate', () => {
  it('says that all is well', async () => {
    const cwd = await folderWith({ 'compose.yaml': web });
    expect(await say('validate', { cwd })).toEqual({ code: 0, stdout: 'The stack is valid.\n', stderr: '' });
    expect(JSON.parse((await say('validate --json', { cwd })).stdout)).toEqual({ format_version: '1.0', valid: true, problems: [] });
  });

  it('prints every problem at its place', async () => {
    const cwd = await folderWith({ 'compose.yaml': 'services:\n  web:\n    imag: nginx\n    ports: ["x"]\n' });
    const { code, stdout, stderr } = await say('validate', { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('compose.yaml:3:5: error: unknown key "imag"');
    expect(stderr).toContain('did you mean "image"?');
    expect(stderr).toContain('compose.yaml:4:');
    const data = JSON.parse((await say('validate --json', { cwd })).stdout) as { valid: boolean; problems: { code: string; at: object }[] };
    expect(data.valid).toBe(false);
    expect(data.problems[0]).toMatchObject({ code: 'unknown-key', at: { file: 'compose.yaml', line: 3, column: 5 } });
  });

  it('needs a stack', async () => {
    expect(await say('validate -f nowhere.yaml', { cwd: '/' })).toMatchObject({
      code: 1,
      stderr: containing('nowhere.yaml does not exist'),
    });
  });
});

describe('config', () => {
  it('prints the model as YAML, which is a stack file again', async () => {
    const cwd = await folderWith({ 'compose.yaml': web });
    const first = await say('config --profile p', { cwd });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('- "1:30"');
    expect(first.stdout).toContain('- $$HOME');
    // Compose writes it too, and this version takes no ipam yet
    const text = first.stdout.replaceAll(/^ +ipam: \{\}\n/gm, '');
    const again = await say('config --profile p', { cwd: await folderWith({ 'compose.yaml': text }) });
    expect(again.stderr).toBe('');
    expect(parse(again.stdout)).toEqual(parse(first.stdout));
  });

  it.each(['config --format json', 'config --json'])('prints it as JSON: %s', async (words) => {
    const cwd = await folderWith({ 'compose.yaml': web });
    expect(JSON.parse((await say(words, { cwd })).stdout)).toMatchObject({ name: 'shop', services: { db: { image: 'redis:7' } } });
  });

  it.each([
    ['config --services', 'db\n'],
    ['config --services --profile p', 'db\nweb\n'],
    ['config --images --profile p', 'nginx:1\nredis:7\n'],
    ['config --profiles', 'p\n'],
    ['config --networks', 'default\n'],
    ['config --volumes', ''],
    ['config -q', ''],
  ])('%s', async (words, stdout) => {
    expect(await say(words, { cwd: await folderWith({ 'compose.yaml': web }) })).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('prints the settings and who said so', async () => {
    const cwd = await folderWith({ 'compose.yaml': web, 'stack.config.yaml': 'defaults:\n  timeout: 5m\n' });
    const environment = { HOME: '/h', COMPOSE_PROFILES: 'p', DOCKER_HOST: 'tcp://x:1' };
    const { stdout } = await say('config --settings', { cwd, environment });
    expect(
      stdout
        .replaceAll(cwd, '.')
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['files', './compose.yaml', 'found'],
      ['project_name', '-', 'name: of the stack files, or their folder'],
      ['project_directory', '.', 'the folder of the first file'],
      ['profiles', 'p', 'COMPOSE_PROFILES'],
      ['env_files', '-', '.env, if it is there'],
      ['engine', 'tcp://x:1', 'DOCKER_HOST'],
      ['timeout', '5m0s', 'stack.config.yaml:2'],
      ['rollback_timeout', '-', 'built in'],
      ['pull_timeout', '-', 'built in'],
      ['ready_timeout', '-', 'built in'],
      ['parallelism', '16', 'built in'],
      ['state_dir', '/h/.local/state/stackctl', 'built in'],
      ['helper_image', builtInHelperImage, 'built in'],
      ['progress', 'auto', 'built in'],
      [''],
    ]);
  });

  it('prints the settings as data', async () => {
    const cwd = await folderWith({ 'compose.yaml': web });
    const { stdout } = await say('config --settings --json --profile a', { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      settings: { profiles: { value: ['a'], from: '--profile' }, rollback_timeout: { value: null, from: 'built in' } },
    });
  });

  it('refuses a stack that is not one', async () => {
    const cwd = await folderWith({ 'compose.yaml': 'services: 3' });
    expect(await say('config', { cwd })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: containing('"services" must be a map'),
    });
    expect(JSON.parse((await say('config --json', { cwd })).stdout)).toMatchObject({ problems: [{ code: 'wrong-type' }] });
  });
});
