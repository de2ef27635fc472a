import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const systemdProgram = '/lib/systemd/systemd';

/** Why systemd cannot be asked here; undefined: it can. As root, since it refuses to be tried out by root and must become nobody. */
export const whyNoSystemd: string | undefined =
  process.getuid?.() !== 0
    ? 'needs root'
    : spawnSync('systemd-analyze', ['--version']).status === 0 && spawnSync(systemdProgram, ['--version']).status === 0
      ? undefined
      : 'needs systemd (Debian package systemd)';

/** What systemd itself understands of a unit: the lines of `systemd --test`, which loads units and starts nothing. */
export async function systemdReads(text: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stackctl-units-'));
  try {
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'tried.service'), text, { mode: 0o644 });
    await writeFile(join(folder, 'default.target'), '[Unit]\nWants=tried.service\n', { mode: 0o644 });
    const words = ['--reuid=65534', '--clear-groups', systemdProgram, '--test', '--system', '--unit=default.target'];
    const options = { env: { PATH: process.env['PATH'] ?? '', SYSTEMD_UNIT_PATH: folder }, encoding: 'utf8', timeout: 60_000 } as const;
    const { stdout, stderr } = spawnSync('setpriv', words, options);
    const lines = `${stdout}\n${stderr}`.split('\n');
    const from = lines.findIndex((line) => line.includes('-> Unit tried.service:'));
    if (from < 0) throw new Error(`systemd has not loaded the unit:\n${stderr}`);
    const length = lines.slice(from + 1).findIndex((line) => line.includes('-> Unit '));
    return lines.slice(from, length < 0 ? undefined : from + 1 + length).map((line) => line.trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
