import { spawnSync } from 'node:child_process';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { folderWith } from './kit.ts';

/** Why units cannot be enabled here; undefined: they can. */
export const whyNoSystemctl: string | undefined =
  spawnSync('systemctl', ['--version']).status === 0 ? undefined : 'needs systemctl (Debian package systemd)';

export const shopFile = (port = 18555): string => `name: shop
x-stack:
  ports:
    on_conflict: reclaim
    reclaim: [{ command: "*stackctl-units-test-holder*", grace: 5s }]
services:
  web:
    image: busybox
    network_mode: host
    expose: ["${port}"]
`;

/** A stack in a folder whose name needs escapes, and an empty system to install into. */
export async function shop(): Promise<{ readonly cwd: string; readonly root: string }> {
  const folder = await folderWith({ 'a shop of 100%/compose.yaml': shopFile(), root: null });
  return { cwd: join(folder, 'a shop of 100%'), root: join(folder, 'root') };
}

export const unitsOf = (root: string): string => join(root, 'etc/systemd/system');

/** Every file and link below a folder, with its content, target and mode. */
export async function treeOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry): Promise<string> => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    const mode = ((await lstat(path)).mode & 0o777).toString(8);
    if (entry.isSymbolicLink()) return `${name} -> ${await readlink(path)}`;
    return entry.isDirectory() ? `${name}/ ${mode}` : `${name} ${mode} ${await readFile(path, 'utf8')}`;
  });
  return (await Promise.all(lines)).sort();
}
