import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildsOf, type BuildWorld } from './builds.ts';
import { image } from './contract-kit.ts';

const programs = ['/usr/bin/ssh-add', '/usr/bin/ssh-keygen'];
const isHere = programs.every((path) => existsSync(path));
if (!isHere) console.log('skipped: this machine has no OpenSSH, whose programs ask for the keys within a build');

/** OpenSSH of this machine, with the libraries that it needs, where it looks for them. */
function openSsh(): Record<string, Buffer> {
  const libraries = programs.flatMap(
    (path) =>
      execFileSync('ldd', [path])
        .toString()
        .match(/\/\S+(?= \()/g) ?? [],
  );
  return Object.fromEntries(
    [...programs, ...new Set(libraries)].map((path) => [`root${path.replace(/^\/lib/, '/usr/lib')}`, readFileSync(path)]),
  );
}

/** A step of a build may sign with the keys that the build is given. */
export function sshContract(world: BuildWorld): void {
  const { built, printed, hasBuildKit } = buildsOf(world);

  test.runIf(isHere)('lets a step list and sign with SSH keys, and change nothing', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'adp-ssh-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const key = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-C', 'of the contract', '-N', '', '-f', key]);
    const steps = [
      'RUN --mount=type=ssh ssh-add -l > /keys',
      'RUN --mount=type=ssh,id=own,required=true ssh-add -l >> /keys; ssh-add -D || echo refused >> /keys',
      'RUN --mount=type=ssh ssh-keygen -q -Y sign -f /key.pub -n adp /keys && head -n 1 /keys.sig >> /keys',
    ];
    const build = {
      dockerfile: [`FROM ${image}`, 'COPY root /', 'COPY key.pub /', ...steps].join('\n'),
      files: { ...openSsh(), 'key.pub': readFileSync(`${key}.pub`, 'utf8') },
    };
    const given = built({ ...build, more: { ssh: { default: key, own: key } } });
    if (!(await hasBuildKit())) return void (await expect(given).rejects.toThrow(/The build is given SSH keys: this needs BuildKit/));
    await given;
    const listed = expect.stringMatching(/^256 \S+ of the contract \(ED25519\)$/);
    expect(await printed('cat', '/keys')).toEqual([listed, listed, 'refused', '-----BEGIN SSH SIGNATURE-----']);
    await expect(built({ ...build, more: { ssh: { default: key } } })).rejects.toThrow(/own/);
    await expect(built({ ...build, more: { ssh: { default: join(folder, 'gone') } } })).rejects.toThrow(/"ssh" names \S+gone/);
  });
}
