import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { writeFile, chmod } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/command-list.ts';
import { bashCompletion } from '../../src/commands/completion-bash.ts';
import { fishCompletion } from '../../src/commands/completion-fish.ts';
import { zshCompletion } from '../../src/commands/completion-zsh.ts';
import { containing, folderWith, say } from './kit.ts';

const shells = [
  ['bash', bashCompletion, ['-n']],
  ['zsh', zshCompletion, ['-n']],
  ['fish', fishCompletion, ['--no-execute']],
] as const;

const isThere = (shell: string): boolean => (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, shell)));

describe.each(shells)('the completion for %s', (shell, script, check) => {
  it('is printed', async () => {
    expect(await say(`completion ${shell}`, { cwd: '/' })).toEqual({ code: 0, stdout: script(), stderr: '' });
  });

  it('names every command', () => {
    for (const { name } of commands) expect(script()).toContain(name);
  });

  it(`is ${shell}`, async (context) => {
    context.skip(!isThere(shell), `there is no ${shell} on this machine`);
    const folder = await folderWith({ script: script() });
    const { status, stderr } = spawnSync(shell, [...check, join(folder, 'script')], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

/** What bash offers at the end of a line; a word "=" stands alone, as bash splits it. */
async function offered(words: readonly string[]): Promise<string[]> {
  const folder = await folderWith({ script: bashCompletion(), 'compose.yaml': '' });
  await writeFile(
    join(folder, 'stackctl'),
    '#!/bin/sh\n[ "$1 $2" = "config --services" ] && { shift 2; echo web; echo db; for each; do echo "with$each"; done; }\n',
  );
  await chmod(join(folder, 'stackctl'), 0o755);
  const program = `. ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stackctl ./stackctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', program, 'bash', './stackctl', ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(!isThere('bash'))('bash offers', () => {
  it.each([
    [['pl'], ['plan']],
    [['ap'], ['apply']],
    [['plan', '--det'], ['--detailed-exitcode']],
    [['plan', '--o'], ['--out']],
    [['status', '--o'], []],
    [['up', '--volu'], []],
    [['plan', '--progress', 'p'], ['plain']],
    [['plan', '--progress', '=', 'q'], ['quiet']],
    [
      ['plan', '--progress', '='],
      ['auto', 'tty', 'plain', 'json', 'quiet'],
    ],
    [['plan', 'w'], ['web']],
    [
      ['plan', '--target', ''],
      ['web', 'db'],
    ],
    [
      ['-f', 'a.yaml', 'plan', 'with'],
      ['with-f', 'witha.yaml'],
    ],
    [
      ['--file', '=', 'a.yaml', 'plan', 'with'],
      ['with--file', 'witha.yaml'],
    ],
    [['plan', '-f', 'comp'], ['compose.yaml']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['help', 'do'], ['down']],
    [['plan', '--project-name', ''], []],
  ])('after %j: %j', async (words, offers) => {
    expect(await offered(words)).toEqual(offers);
  });
});

describe('another shell', () => {
  it.each([
    ['completion', 'stackctl completion needs the name of a shell'],
    ['completion tcsh', 'there is no completion for "tcsh"'],
  ])('%s', async (words, message) => {
    expect(await say(words, { cwd: '/' })).toMatchObject({ code: 1, stdout: '', stderr: containing(message) });
  });
});
