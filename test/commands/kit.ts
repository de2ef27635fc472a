import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { parseLine } from '../../src/commands/args.ts';
import type { ExitCode, Invocation, Io, Output } from '../../src/commands/command.ts';
import type { ByName } from '../../src/lib/record.ts';

/** A folder with these files, gone after the test. Texts by path; null makes a folder. */
export async function folderWith(files: ByName<string | null>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'stackctl-commands-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(text === null ? join(folder, path) : dirname(join(folder, path)), { recursive: true });
    if (text !== null) await writeFile(join(folder, path), text);
  }
  return folder;
}

interface FakeOutput extends Output {
  text(): string;
}

function fakeOutput(): FakeOutput {
  const texts: string[] = [];
  return { write: (text) => void texts.push(text), isTTY: false, columns: 80, text: () => texts.join('') };
}

export interface Surroundings {
  readonly cwd: string;
  readonly environment?: ByName<string>;
}

/** A call as the parser makes it of these words; throws if they make no sense. */
export function invocation(
  words: string | readonly string[],
  { cwd, environment = {} }: Surroundings,
): Invocation & { readonly io: Io & { readonly stdout: FakeOutput; readonly stderr: FakeOutput } } {
  const line = parseLine(typeof words === 'string' ? words.split(' ').filter((word) => word !== '') : words);
  if (!line.ok) throw new Error(line.error.problems.map(({ message }) => message).join('\n'));
  const never = new AbortController().signal;
  const io = {
    stdout: fakeOutput(),
    stderr: fakeOutput(),
    stdin: { isTTY: false, readLine: () => Promise.resolve(undefined) },
    environment,
    cwd,
  };
  const { calledAs, flags, positionals } = line.value;
  return { calledAs, flags, positionals, io, cancel: never, abandon: never, screen: {} };
}

export interface Said {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command of a command line in this process. */
export async function say(words: string | readonly string[], surroundings: Surroundings): Promise<Said> {
  const call = invocation(words, surroundings);
  const line = parseLine(typeof words === 'string' ? words.split(' ') : words);
  if (!line.ok || !line.value.command) throw new Error(`${String(words)} names no command`);
  const code = await line.value.command.run(call);
  return { code, stdout: call.io.stdout.text(), stderr: call.io.stderr.text() };
}

/** Any text with this part; vitest's own matcher has the type any. */
export const containing = (part: string): unknown => expect.stringContaining(part);

/** Any text of this form. */
export const matching = (form: RegExp): unknown => expect.stringMatching(form);
