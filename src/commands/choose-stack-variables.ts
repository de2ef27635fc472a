import { readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Setting } from '../config/tool-settings.ts';
import { get, type ByName } from '../lib/record.ts';
import { readDotenv } from '../spec/dotenv.ts';
import { impliedEnvFile } from '../spec/implied-env-file.ts';
import { createSource } from '../spec/mark.ts';
import type { Invocation } from './command.ts';

/** A variable of the environment or of the .env files, and which of them has it; empty ones say nothing. */
export type Variables = (name: string) => Setting<string> | undefined;

export interface VariableSources {
  /** Absolute; a later one wins. Empty: `.env` of the folder, unless COMPOSE_DISABLE_ENV_FILE is true. */
  readonly envFiles: readonly string[];
  readonly folder: string;
}

const maxBytes = 1024 * 1024;

/** The variables that choose a stack. What is wrong with the .env files is for readStack to say, which reads them too. */
export async function variablesOf({ envFiles, folder }: VariableSources, { environment, cwd }: Invocation['io']): Promise<Variables> {
  const fromFiles = new Map<string, Setting<string>>();
  const implied = impliedEnvFile(folder, environment);
  const files = envFiles.length > 0 ? envFiles : implied.ok ? [implied.value ?? []].flat() : [];
  for (const path of files) {
    const short = relative(cwd, path);
    const from = short.startsWith('..') ? path : short;
    for (const [name, value] of await variablesIn(path, environment)) fromFiles.set(name, { value, by: 'environment', from });
  }
  return (name) => {
    const value = get(environment, name);
    if (value !== undefined) return value === '' ? undefined : { value, by: 'environment', from: name };
    const found = fromFiles.get(name);
    return found?.value ? { ...found, from: `${name} in ${found.from}` } : undefined;
  };
}

async function variablesIn(path: string, environment: ByName<string>): Promise<ReadonlyMap<string, string>> {
  try {
    const seen = await stat(path);
    if (!seen.isFile() || seen.size > maxBytes) return new Map();
    const source = createSource(path, await readFile(path, 'utf8'));
    return readDotenv({ source, outside: (name) => get(environment, name) }, () => undefined);
  } catch {
    return new Map();
  }
}
