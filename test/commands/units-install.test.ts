import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containing, say } from './kit.ts';
import { shop, treeOf, unitsOf, whyNoSystemctl } from './units-system.ts';

const names = ['stackctl-orphans-shop.service', 'stackctl-drift-shop.service', 'stackctl-drift-shop.timer'];

describe.skipIf(whyNoSystemctl !== undefined)(`units --install and --uninstall (${whyNoSystemctl ?? 'systemctl asked for real'})`, () => {
  it('asks first, and touches nothing where nobody can be asked', async () => {
    const { cwd, root } = await shop();
    expect(await say(['units', '--install', '--root', root], { cwd })).toEqual({
      code: 1,
      stdout: containing(`+ ${root}/etc/systemd/system/stackctl-orphans-shop.service`),
      stderr: containing('no terminal to ask'),
    });
    expect(await treeOf(root)).toEqual([]);
  });

  it('writes and enables all of them, has nothing to do then, and takes exactly them away', async () => {
    const { cwd, root } = await shop();
    await mkdir(join(unitsOf(root), 'multi-user.target.wants'), { recursive: true });
    await writeFile(join(unitsOf(root), 'mine.service'), '[Service]\nExecStart=/bin/true\n');
    await symlink('/etc/systemd/system/mine.service', join(unitsOf(root), 'multi-user.target.wants/mine.service'));
    const before = await treeOf(root);

    expect(await say(['units', '--install', '--yes', '--root', root], { cwd })).toMatchObject({
      code: 0,
      stdout: containing('Installed.'),
    });
    const installed = await treeOf(root);
    const wants = installed.filter((line) => line.includes(' -> ') && !line.includes('mine'));
    const link = (target: string, name: string): string => `etc/systemd/system/${target}.wants/${name} -> /etc/systemd/system/${name}`;
    expect(wants).toEqual([
      link('docker.service', 'stackctl-orphans-shop.service'),
      link('multi-user.target', 'stackctl-orphans-shop.service'),
      link('timers.target', 'stackctl-drift-shop.timer'),
    ]);
    for (const name of names) expect(installed).toContainEqual(containing(`etc/systemd/system/${name} 644 # Made by stackctl units`));

    expect(await say(['units', '--install', '--root', root], { cwd })).toEqual({
      code: 0,
      stdout: 'Nothing to do: the units are installed and enabled.\n',
      stderr: '',
    });
    expect(await treeOf(root)).toEqual(installed);

    expect(await say(['units', '--uninstall', '--yes', '--root', root], { cwd })).toMatchObject({ code: 0 });
    expect(await treeOf(root)).toEqual(before);
    expect(await say(['units', '--uninstall', '-p', 'shop', '--root', root], { cwd: root })).toMatchObject({
      code: 0,
      stdout: containing('Nothing to do'),
    });
  });

  it('shows what changes in a unit that is there, and writes only that', async () => {
    const { cwd, root } = await shop();
    await say(['units', '--install', '--yes', '--root', root], { cwd });
    const { code, stdout } = await say(['units', '--install', '--every', '5m', '--yes', '--root', root], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/~ .*drift-shop\.timer\n[^]*- OnUnitInactiveSec=900s\n[^]*\+ OnUnitInactiveSec=300s/);
    expect(stdout).not.toContain('orphans-shop');
    expect(await readFile(join(unitsOf(root), 'stackctl-drift-shop.timer'), 'utf8')).toContain('OnUnitInactiveSec=300s');
  });

  it('takes away what is not wanted any more', async () => {
    const { cwd, root } = await shop();
    await say(['units', '--install', '--yes', '--root', root], { cwd });
    const without = await treeOf(root);
    await say(['units', '--install', '--on-shutdown', '--yes', '--root', root], { cwd });
    expect(await treeOf(root)).toContainEqual(containing('multi-user.target.wants/stackctl-shutdown-shop.service -> '));
    expect(await say(['units', '--install', '--yes', '--root', root], { cwd })).toMatchObject({
      code: 0,
      stdout: containing(`- ${root}/etc/systemd/system/stackctl-shutdown-shop.service`),
    });
    expect(await treeOf(root)).toEqual(without);
  });

  it('puts everything back when a step fails', async () => {
    const { cwd, root } = await shop();
    await say(['units', '--install', '--yes', '--root', root], { cwd });
    await say(['units', '--uninstall', '--yes', '--root', root], { cwd });
    // Where a folder with links must go there is a file: systemctl cannot enable the timer, which comes last
    await writeFile(join(unitsOf(root), 'timers.target.wants'), '');
    const before = await treeOf(root);
    expect(await say(['units', '--install', '--yes', '--root', root], { cwd })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^\nFailed: systemctl enable stackctl-drift-shop\.timer: [^]*\nEverything is as it was before\.\n$/),
    });
    expect(await treeOf(root)).toEqual(before);
  });

  it('puts back what it has replaced, too', async () => {
    const { cwd, root } = await shop();
    await say(['units', '--install', '--yes', '--root', root], { cwd });
    await rm(join(unitsOf(root), 'timers.target.wants'), { recursive: true });
    await writeFile(join(unitsOf(root), 'timers.target.wants'), '');
    const before = await treeOf(root);
    expect(await say(['units', '--install', '--every', '5m', '--yes', '--json', '--root', root], { cwd })).toMatchObject({
      code: 3,
      stdout: containing('"outcome":"rolled-back"'),
    });
    expect(await treeOf(root)).toEqual(before);
  });

  it('leaves alone what somebody has changed or put there, unless told', async () => {
    const { cwd, root } = await shop();
    await say(['units', '--install', '--yes', '--root', root], { cwd });
    await appendFile(join(unitsOf(root), 'stackctl-drift-shop.service'), 'Nice=10\n');
    await writeFile(join(unitsOf(root), 'stackctl-drift-shop.timer'), '[Timer]\nOnCalendar=daily\n');
    const before = await treeOf(root);
    for (const words of [['--install'], ['--uninstall']]) {
      expect(await say(['units', ...words, '--yes', '--root', root], { cwd })).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/drift-shop\.service has been changed since[^]*drift-shop\.timer was not written by stackctl/),
      });
    }
    expect(await treeOf(root)).toEqual(before);
    expect(await say(['units', '--uninstall', '--force', '--yes', '--root', root], { cwd })).toMatchObject({ code: 0 });
    expect(await treeOf(root)).toEqual(['etc/ 755', 'etc/systemd/ 755', 'etc/systemd/system/ 755']);
  });

  it('takes no link for a file of its own', async () => {
    const { cwd, root } = await shop();
    await mkdir(unitsOf(root), { recursive: true });
    await symlink('/dev/null', join(unitsOf(root), 'stackctl-drift-shop.timer'));
    expect(await say(['units', '--install', '--force', '--yes', '--root', root], { cwd })).toMatchObject({
      code: 1,
      stderr: containing('stackctl-drift-shop.timer is a symbolic link'),
    });
  });
});

describe('units --install', () => {
  it.each([
    [['--install', '--uninstall'], 'are opposites'],
    [['--install', '--format', 'nixos'], 'a NixOS module is not installed by stackctl'],
    [['--root', '/nowhere'], 'give it together with --install or --uninstall'],
    [['--install', '--root', '/nowhere/at/all'], 'is not a folder'],
    [['--uninstall', '-p', '../../x'], 'cannot be the name of a stack'],
  ])('with %j is refused', async (words, message) => {
    const { cwd } = await shop();
    expect(await say(['units', ...words], { cwd })).toMatchObject({ code: 1, stdout: '', stderr: containing(message) });
  });
});
