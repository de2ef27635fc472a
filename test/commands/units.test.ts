import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containing, folderWith, say } from './kit.ts';
import { shop, shopFile } from './units-system.ts';

interface Printed {
  readonly units: readonly { readonly name: string; readonly path: string; readonly text: string }[];
}

const printed = (json: string): Printed['units'] => (JSON.parse(json) as Printed).units;

/** The most exposure, in tenths, that `systemd-analyze security` may find: 2.2 to 2.5 with systemd 252, of which root makes 0.4. */
const mostExposed = 30;

const analyze = (words: readonly string[]) => spawnSync('systemd-analyze', words, { encoding: 'utf8', timeout: 60_000 });
const canVerify = analyze(['--version']).status === 0;

describe.skipIf(!canVerify)(`systemd-analyze (${canVerify ? 'asked for real' : 'needs the Debian package systemd'})`, () => {
  it('finds nothing wrong with any unit, and little that it may do', async () => {
    const { cwd } = await shop();
    const { stdout } = await say('units --json --on-shutdown', { cwd });
    const folder = await folderWith({});
    for (const { name, text } of printed(stdout)) await writeFile(join(folder, name), text);
    for (const { name } of printed(stdout)) {
      const verified = analyze(['verify', join(folder, name)]);
      expect({ name, status: verified.status, said: verified.stderr.split('\n').filter((line) => line.includes('stackctl-')) }).toEqual({
        name,
        status: 0,
        said: [],
      });
      if (!name.endsWith('.service')) continue;
      const secured = analyze(['security', '--offline=true', `--threshold=${mostExposed}`, join(folder, name)]);
      if (/unrecognized option|Unknown/.test(secured.stderr)) continue; // before systemd 250
      expect({ name, status: secured.status, said: secured.stdout.split('\n').at(-2) }).toMatchObject({ name, status: 0 });
    }
  });
});

describe('units', () => {
  it('prints those of the stack that is here, with absolute paths', async () => {
    const { cwd } = await shop();
    const { code, stdout, stderr } = await say('units', { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^# \/etc\/systemd\/system\/.*$/gm)).toEqual([
      '# /etc/systemd/system/stackctl-orphans-shop.service',
      '# /etc/systemd/system/stackctl-drift-shop.service',
      '# /etc/systemd/system/stackctl-drift-shop.timer',
    ]);
    const file = `"${cwd.replace('%', '%%')}/compose.yaml"`;
    expect(stdout).toContain(` --file ${file} orphans --end --yes --no-engine\n`);
    expect(stdout).toMatch(new RegExp(`^ExecStart=${process.execPath} /`, 'm'));
    expect(stdout).toContain(` --file ${file} drift\n`);
  });

  it('prints those of every stack of stack.config.yaml', async () => {
    const cwd = await folderWith({
      'stack.config.yaml': 'stacks: { shop: { file: a/compose.yaml }, web: { file: b/compose.yaml, env_files: [b/web.env] } }\n',
      'a/compose.yaml': shopFile(),
      'b/compose.yaml': shopFile().replace('name: shop', 'name: web'),
      'b/web.env': 'X=1\n',
    });
    const { stdout } = await say('units --all --json', { cwd });
    expect(printed(stdout).map(({ name }) => name)).toEqual(
      ['shop', 'web'].flatMap((stack) => [
        `stackctl-orphans-${stack}.service`,
        `stackctl-drift-${stack}.service`,
        `stackctl-drift-${stack}.timer`,
      ]),
    );
    const text = printed(stdout).find(({ name }) => name === 'stackctl-drift-web.service')?.text;
    expect(text).toContain(` --stack web --file ${cwd}/b/compose.yaml drift\n`);
    expect(text).toContain(`WorkingDirectory=${cwd}\n`);
    expect(text).toMatch(new RegExp(`^RequiresMountsFor=.* ${cwd}/b/compose.yaml ${cwd}/b/web.env$`, 'm'));
    expect(await say('units', { cwd })).toMatchObject({ code: 1, stderr: containing('has several stacks, and none is chosen') });
  });

  it('hands on which engine and which profiles are meant, and where the state lies', async () => {
    const { cwd } = await shop();
    const environment = {
      DOCKER_HOST: 'unix:///run/other.sock',
      COMPOSE_PROFILES: 'a,b',
      STACKCTL_STATE_DIR: '/var/lib/my state',
      OTHER: 'x',
    };
    const { stdout } = await say(['units', '--env-file', '/dev/null'], { cwd, environment });
    expect(stdout).toContain(
      'Environment=COMPOSE_PROFILES=a,b\nEnvironment=DOCKER_HOST=unix:///run/other.sock\nEnvironment="STACKCTL_STATE_DIR=/var/lib/my state"\n',
    );
    expect(stdout).toContain(' --env-file /dev/null drift\n');
    expect(stdout).not.toContain('OTHER');
    expect(stdout).toContain('ReadWritePaths="-/var/lib/my state"\n');
  });

  it('refuses a stack that only the shell of the caller makes whole, and warns of one that it changes', async () => {
    const needs = shopFile().replace('image: busybox', 'image: "${IMAGE:?which}"');
    const cwd = await folderWith({ 'compose.yaml': needs });
    expect(await say('units', { cwd, environment: { IMAGE: 'busybox' } })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: containing('it needs variables of your shell'),
    });
    await writeFile(join(cwd, 'compose.yaml'), needs.replace(':?which', ':-nginx'));
    expect(await say('units', { cwd, environment: { IMAGE: 'busybox' } })).toMatchObject({
      code: 0,
      stderr: containing('variables of your shell change this stack'),
    });
    await writeFile(join(cwd, '.env'), 'IMAGE=busybox\n');
    expect(await say('units', { cwd })).toMatchObject({ code: 0, stderr: '' });
  });

  it('warns of a stack without rules, and prints a file that systemd reads all the same', async () => {
    const cwd = await folderWith({ 'compose.yaml': 'name: bare\nservices: { web: { image: busybox } }\n' });
    expect(await say('units', { cwd })).toMatchObject({ code: 0, stderr: containing('its unit at boot will end nothing') });
  });

  it('refuses a path that cannot stand in a unit', async () => {
    const folder = await folderWith({});
    const cwd = join(folder, 'back\\slash');
    await mkdir(cwd);
    await writeFile(join(cwd, 'compose.yaml'), shopFile());
    expect(await say('units', { cwd })).toMatchObject({ code: 1, stdout: '', stderr: containing('cannot stand in a unit') });
  });

  it('prints a NixOS module', async () => {
    const { cwd } = await shop();
    expect(await say('units --format nixos', { cwd })).toMatchObject({ code: 0, stdout: containing('options.services.stackctl') });
    expect(await say('units --format nixos --json', { cwd })).toMatchObject({ code: 1, stdout: containing('no form as JSON') });
  });
});
