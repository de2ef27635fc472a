import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { envText } from '../import/env-text.ts';
import { messageOf } from '../lib/message-of.ts';
import { names, type ByName } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Invocation } from './command.ts';

interface Files {
  /** As the person named it. */
  readonly path: string;
  readonly text: string;
  /** Sensitive values by name, for .env beside it. */
  readonly variables: ByName<string>;
}

/** Writes the stack file, and .env (mode 0600) if there is something for it; never over a file that is there. Gives what was written. */
export async function writeImport(
  { path, text, variables }: Files,
  { cwd }: Invocation['io'],
): Promise<Result<readonly string[], readonly Problem[]>> {
  const file = resolve(cwd, path);
  const env = join(dirname(file), '.env');
  const files = [
    ...(names(variables).length > 0 ? [{ path: env, text: envText(variables), mode: 0o600 }] : []),
    { path: file, text, mode: 0o644 },
  ];
  if (!existsSync(dirname(file))) return fail([problem('no-folder', `the folder ${dirname(path)} does not exist`, 'make it first')]);
  const taken = files.filter((each) => existsSync(each.path));
  if (taken.length > 0)
    return fail(
      taken.map((each) =>
        problem('file-exists', `${shown(cwd, each.path)} is there already`, 'name another file with --out, in a folder of its own'),
      ),
    );
  try {
    for (const each of files) await writeFile(each.path, each.text, { flag: 'wx', mode: each.mode });
  } catch (error) {
    return fail([
      problem('file-unwritable', `${path} cannot be written: ${messageOf(error)}`, 'does the folder exist, and may you write to it?'),
    ]);
  }
  return ok(files.map((each) => shown(cwd, each.path)).reverse());
}

const shown = (cwd: string, path: string): string => (relative(cwd, path).startsWith('..') ? path : relative(cwd, path));

const problem = (code: string, message: string, hint: string): Problem => ({ code, severity: 'error', message, hint });
