import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeDurably, writeAtomically } from './atomic-file.ts';
import { readOwnFile } from './own-file.ts';

/** The systemd of this machine, or of the system that lies in a folder. */
export interface Systemd {
  /** False in a folder: units can be enabled there, and nothing else. */
  readonly isRunning: boolean;
  /** Where the unit of that name lies. */
  pathOf(unit: string): string;
  /** Undefined: there is none. Throws for a file that is not ours to read: a link, another user's. */
  read(unit: string): Promise<string | undefined>;
  write(unit: string, text: string): Promise<void>;
  remove(unit: string): Promise<void>;
  isEnabled(unit: string): Promise<boolean>;
  isActive(unit: string): Promise<boolean>;
  /** Throws with what systemctl said. */
  control(verb: Verb, units: readonly string[]): Promise<void>;
}

export type Verb = 'daemon-reload' | 'enable' | 'disable' | 'start' | 'stop';

const unitFolder = 'etc/systemd/system';

/** systemctl waits for what it has started; the units that are started here do not take long. */
const answerMs = 60_000;

/** `root`: absolute; "/" is this machine. */
export function systemd(root: string): Systemd {
  const isHere = root === '/';
  const folder = join(root, unitFolder);
  const pathOf = (unit: string): string => join(folder, unit);
  const ask = async (words: readonly string[]) => systemctl([...(isHere ? [] : ['--root', root]), ...words]);
  return {
    isRunning: isHere,
    pathOf,
    read: async (unit) => (await readOwnFile(pathOf(unit)))?.toString('utf8'),
    async write(unit, text) {
      // What makes it else gives the folders of a system to root alone
      await mkdir(folder, { recursive: true, mode: 0o755 });
      await writeAtomically(pathOf(unit), text, { mode: 0o644 });
    },
    remove: (unit) => removeDurably(pathOf(unit)),
    isEnabled: async (unit) => (await ask(['is-enabled', '--quiet', unit])).exitCode === 0,
    isActive: async (unit) => isHere && (await ask(['is-active', '--quiet', unit])).exitCode === 0,
    async control(verb, units) {
      const { exitCode, stderr } = await ask([verb, ...units]);
      if (exitCode !== 0) throw new Error(`systemctl ${[verb, ...units].join(' ')}: ${stderr.trim() || 'no answer'}`);
    },
  };
}

/** Whether this machine was booted with systemd: sd_booted(3). */
export const isBooted = (): boolean => existsSync('/run/systemd/system');

/** NixOS makes /etc/systemd/system itself. */
export const isNixos = (): boolean => existsSync('/etc/NIXOS');

interface Answer {
  readonly exitCode: number | undefined;
  readonly stderr: string;
}

async function systemctl(words: readonly string[]): Promise<Answer> {
  const { execa } = await import('execa'); // only here, so that no other start pays for it
  const result = await execa('systemctl', ['--no-ask-password', ...words], {
    reject: false,
    timeout: answerMs,
    stdin: 'ignore',
    env: { SYSTEMD_PAGER: '', LC_ALL: 'C.UTF-8' },
  });
  return { exitCode: result.exitCode, stderr: result.exitCode === undefined ? (result.shortMessage ?? '') : result.stderr };
}
