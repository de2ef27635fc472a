import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../lib/message-of.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';

export const configName = 'stack.config.yaml';

export interface FoundConfig {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** Far more than an honest file. */
const maxBytes = 1024 * 1024;

/** The nearest stack.config.yaml: upwards to the root of the git repository, or in the folder only if it lies in none. Executes nothing. */
export async function findConfig(folder: string): Promise<Result<FoundConfig | undefined, readonly Problem[]>> {
  // Loading cosmiconfig costs a start more than to see that there is nothing for it to find
  const nearest = foldersUpTo(gitRootOf(folder) ?? folder, folder).find((each) => existsSync(join(each, configName)));
  if (nearest === undefined) return ok(undefined);
  const file = join(nearest, configName);
  try {
    const seen = await stat(file);
    if (!seen.isFile()) return unreadable(file, 'is not a regular file');
    if (seen.size > maxBytes) return unreadable(file, 'is larger than 1 MiB');
    const text = await searchIn(nearest);
    return text === undefined ? unreadable(file, 'may not be read by this user') : ok({ file, text });
  } catch (error) {
    return unreadable(file, `cannot be read: ${messageOf(error)}`);
  }
}

/**
 * cosmiconfig's front door reads a configuration of its own from the working directory first, and runs .config/config.js for it; a
 * "$import" in the file would run any other. So its searcher is used directly, and its loader gives out the text alone.
 */
async function searchIn(folder: string): Promise<string | undefined> {
  const { Explorer } = await import('cosmiconfig/dist/Explorer.js');
  const explorer = new Explorer({
    moduleName: 'stackctl',
    searchPlaces: [configName],
    loaders: { '.yaml': (_path, text): FoundText => ({ text }) },
    searchStrategy: 'none',
    ignoreEmptySearchPlaces: false,
    cache: false,
    metaConfigFilePath: null,
    transform: (result) => result,
  });
  const found = await explorer.search(folder);
  if (!found) return undefined;
  return found.isEmpty ? '' : (found.config as FoundText).text;
}

interface FoundText {
  readonly text: string;
}

const gitRootOf = (folder: string): string | undefined => foldersUpTo('/', folder).find((each) => existsSync(join(each, '.git')));

/** The folder, the one it lies in, and so on up to `last`. */
export function foldersUpTo(last: string, folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== last && dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  return folders;
}

const unreadable = (file: string, why: string): Result<never, readonly Problem[]> =>
  fail([{ code: 'config-unreadable', severity: 'error', message: `${file} ${why}` }]);
